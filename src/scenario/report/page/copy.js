// A button beside each command that copies it.

import { all, element } from './dom.js';

export function addCopyButtons(within) {
  for (const command of all('.command', within)) {
    const button = element(
      'button',
      { type: 'button', attributes: { 'aria-label': 'Copy the command' } },
      'Copy',
    );
    button.addEventListener('click', async () => {
      button.textContent = (await copy(command)) ? 'Copied' : 'Press Ctrl+C';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    command.after(button);
  }
}

/** Where the clipboard may not be written, the words are marked for the person to copy. */
async function copy(command) {
  try {
    await navigator.clipboard.writeText(command.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(command);
    return false;
  }
}

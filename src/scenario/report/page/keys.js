// Keys for those who would rather not reach for the mouse. Single keys can be turned off: speech input and slips of the
// hand press them too.

import { all, element, kept } from './dom.js';
import { playOrPause } from './player.js';

const single = kept('keys');
const help = [
  ['j  k', 'next and previous scenario; with the focus on one also the arrow keys'],
  ['Enter', 'open or close it'],
  ['Space', 'play or pause, on a timeline or when nothing has the focus'],
  ['p', 'play or pause the scenario with the focus'],
  ['/', 'filter'],
  ['?', 'this help'],
];

/** @param {Element} corner */
export function addKeys(corner) {
  const dialog = helpDialog();
  const button = element('button', { type: 'button' }, 'Keys');
  button.addEventListener('click', () => dialog.showModal());
  corner.append(button);
  document.body.append(dialog);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (press(event, dialog)) event.preventDefault();
  });
}

function helpDialog() {
  const title = element('h2', { id: 'keys-title' }, 'Keys');
  const rows = help.flatMap(([keys, what]) => [
    element('dt', {}, ...keys.split('  ').flatMap((key) => [element('kbd', {}, key), ' '])),
    element('dd', {}, what),
  ]);
  const isOn = element('input', { type: 'checkbox', checked: single.read() !== 'off' });
  isOn.addEventListener('change', () => single.write(isOn.checked ? 'on' : 'off'));
  const close = element('button', { type: 'button' }, 'Close');
  const dialog = element(
    'dialog',
    { attributes: { 'aria-labelledby': 'keys-title' } },
    title,
    element('dl', {}, ...rows),
    element('label', { className: 'choice' }, isOn, 'Use keys that are a single character'),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  return dialog;
}

/** Tells whether the key was ours. */
function press({ key, target }, dialog) {
  if (target.closest('input, textarea, select, audio')) return false;
  const summary = target.closest('.scenario > summary');
  if (summary !== null && key === 'ArrowDown') return move(summary.parentElement, 1);
  if (summary !== null && key === 'ArrowUp') return move(summary.parentElement, -1);
  const isFree = target === document.body || target.closest('.scroll') !== null;
  if (key === ' ' && isFree) return playOrPause(target.closest('.scenario') ?? undefined);
  if (single.read() === 'off') return false;
  const scenario = target.closest('.scenario') ?? undefined;
  if (key === 'j') return move(scenario, 1);
  if (key === 'k') return move(scenario, -1);
  if (key === 'p') return playOrPause(scenario);
  if (key === '/') return focus(document.querySelector('.controls input'));
  if (key === '?') dialog.showModal();
  return key === '?';
}

function move(from, step) {
  const shown = all('.scenario:not([hidden])');
  const at = from === undefined ? -1 : shown.indexOf(from);
  const next = at === -1 ? (step === 1 ? 0 : shown.length - 1) : at + step;
  return focus(shown[next]?.querySelector('summary') ?? null);
}

function focus(element) {
  element?.focus();
  return element !== null;
}

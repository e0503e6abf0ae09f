// Light and dark follow the system; the switch holds for the session.

import { element, kept } from './dom.js';

const theme = kept('theme');
const choices = { auto: 'Auto', light: 'Light', dark: 'Dark' };

export function applyTheme(chosen = theme.read() ?? 'auto') {
  if (chosen === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

/** @param {Element} corner */
export function addTheme(corner) {
  const chosen = theme.read() ?? 'auto';
  const labels = Object.entries(choices).map(([value, text]) =>
    element(
      'label',
      {},
      element('input', { type: 'radio', name: 'theme', value, checked: value === chosen }),
      text,
    ),
  );
  const legend = element('legend', { className: 'unseen' }, 'Colours');
  const switches = element('fieldset', { className: 'segments' }, legend, ...labels);
  switches.addEventListener('change', ({ target }) => {
    theme.write(target.value);
    applyTheme(target.value);
  });
  corner.append(switches);
}

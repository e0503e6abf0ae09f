// Shows only the scenarios that hold some words, or went in some way. Cells of the grid go with them.

import { all, element } from './dom.js';
import { wordsOf } from './sleeping.js';

const kinds = [
  ['failed', 'Failed'],
  ['error', 'Could not run'],
  ['flaky', 'Flaky'],
  ['passed', 'Passed'],
  ['skipped', 'Not run'],
];

const isKind = (scenario, kind) =>
  kind === 'flaky' ? 'flaky' in scenario.dataset : scenario.dataset.verdict === kind;

export function addFilter() {
  const scenarios = all('.scenario');
  if (scenarios.length === 0) return;
  const cells = new Map(all('[data-for]').map((cell) => [cell.dataset.for, cell]));
  const words = element('input', {
    type: 'search',
    placeholder: 'Filter by any words',
    attributes: { 'aria-label': 'Filter scenarios by words', 'aria-keyshortcuts': '/' },
  });
  const shown = element('span', { className: 'shown', attributes: { role: 'status' } });
  /** Lower-case words of a scenario, read when they are first asked for. */
  const texts = new Map();
  let kind;

  function holds(scenario, wanted) {
    if (wanted.length === 0) return true;
    if (!texts.has(scenario)) texts.set(scenario, wordsOf(scenario).toLowerCase());
    return wanted.every((word) => texts.get(scenario).includes(word));
  }

  function apply() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const scenario of scenarios) {
      const isShown = (kind === undefined || isKind(scenario, kind)) && holds(scenario, wanted);
      scenario.hidden = !isShown;
      const cell = cells.get(scenario.id);
      if (cell !== undefined) cell.hidden = !isShown;
      if (isShown) count++;
    }
    for (const group of all('.file, .grid-row')) {
      group.hidden = group.querySelector('.scenario:not([hidden]), [data-for]:not([hidden])') === null;
    }
    shown.textContent = count === scenarios.length ? '' : `${count} of ${scenarios.length} shown`;
  }

  const buttons = kinds.flatMap(([value, text]) => {
    const count = scenarios.filter((scenario) => isKind(scenario, value)).length;
    if (count === 0 || (value !== 'flaky' && count === scenarios.length)) return [];
    const button = element(
      'button',
      { type: 'button', attributes: { 'aria-pressed': 'false' } },
      `${text} ${count}`,
    );
    button.addEventListener('click', () => {
      kind = kind === value ? undefined : value;
      for (const each of buttons)
        each.setAttribute('aria-pressed', String(each === button && kind !== undefined));
      apply();
    });
    return [button];
  });
  words.addEventListener('input', apply);
  words.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    words.value = '';
    apply();
    words.blur();
  });
  const verdicts = element(
    'div',
    { className: 'verdicts', attributes: { role: 'group', 'aria-label': 'Filter by verdict' } },
    ...buttons,
  );
  const controls = element(
    'div',
    { className: 'controls', attributes: { role: 'search', 'aria-label': 'Scenarios' } },
    words,
    verdicts,
    shown,
  );
  document.querySelector('#scenarios')?.after(controls);
}

// In a long report what is closed stands in `noscript`, as text; it is made when it is opened.

import { all } from './dom.js';

/** Calls `made` with every part of the page that is there: the whole first, and later what was made. */
export function onMade(made) {
  made(document);
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (target.open && target.matches('.scenario')) wake(target);
    },
    true,
  );
  document.addEventListener('wake', ({ target }) => made(target));
}

export function wake(scenario) {
  const sleeping = scenario.querySelector('.body > noscript');
  if (sleeping === null) return;
  const template = document.createElement('template');
  template.innerHTML = sleeping.textContent;
  sleeping.replaceWith(template.content);
  scenario.dispatchEvent(new Event('wake', { bubbles: true }));
}

/** The scenario that holds what has an address, made if it was not. */
export function wakeFor(id) {
  const scenario = all('.scenario').find((each) => id === each.id || id.startsWith(`${each.id}-run-`));
  if (scenario !== undefined) wake(scenario);
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The words of a scenario, made or not. */
export function wordsOf(scenario) {
  const sleeping = scenario.querySelector('.body > noscript');
  if (sleeping === null) return scenario.textContent;
  const hidden = sleeping.textContent
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);
  return `${scenario.querySelector('summary').textContent} ${hidden}`;
}

// A link to a scenario, a run or a turn opens what it lies in.

import { wakeFor } from './sleeping.js';

export function openLinked() {
  open();
  // The browser goes to the address itself, and takes the focus along.
  addEventListener('load', open);
  addEventListener('hashchange', open);
}

function open() {
  const id = location.hash.slice(1);
  wakeFor(id);
  const target = document.getElementById(id);
  if (target === null) return;
  target.closest('.scenario')?.removeAttribute('hidden');
  for (let at = target; at !== null; at = at.parentElement) if (at.matches('details')) at.open = true;
  target.scrollIntoView();
  target.querySelector('summary')?.focus({ preventScroll: true });
}

// Comfort for the report: the page says everything without it. It runs in the head, so that another theme is there
// before the first picture.

import { addCopyButtons } from './copy.js';
import { addFilter } from './filter.js';
import { addKeys } from './keys.js';
import { openLinked } from './links.js';
import { addPlayers } from './player.js';
import { onMade } from './sleeping.js';
import { addTheme, applyTheme } from './theme.js';

applyTheme();
document.addEventListener('DOMContentLoaded', () => {
  const corner = document.createElement('div');
  corner.className = 'corner';
  document.querySelector('header')?.prepend(corner);
  addKeys(corner);
  addTheme(corner);
  addFilter();
  onMade((part) => {
    addPlayers(part);
    addCopyButtons(part);
  });
  openLinked();
});

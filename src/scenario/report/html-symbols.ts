// The page's signs, drawn once: a tick, a cross, an exclamation mark, a dash, and a tick that came late. Shapes, not
// characters, so that they look the same with every font.

import { markup } from './markup.js';

export const symbols = markup`<svg class="symbols" width="0" height="0" aria-hidden="true" focusable="false">
<symbol id="i-passed" viewBox="0 0 16 16"><path d="M3.5 8.5l3 3 6-7"/></symbol>
<symbol id="i-failed" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8"/></symbol>
<symbol id="i-error" viewBox="0 0 16 16"><path d="M8 3v6M8 12.4v.2"/></symbol>
<symbol id="i-skipped" viewBox="0 0 16 16"><path d="M4 8h8"/></symbol>
<symbol id="i-again" viewBox="0 0 16 16"><path d="M2.5 9l2.5 2.5 4.500-6M9 11.500l4.500-6"/></symbol>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6"/></pattern>
</svg>`;

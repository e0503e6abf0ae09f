// Several connections to one server, loaded only where several requests go out at once.

export { default as Pool } from 'undici/lib/dispatcher/pool.js';

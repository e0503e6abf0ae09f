// The parts of undici a request needs, as one module that is loaded at the first request.

export { default as request } from 'undici/lib/api/api-request.js';
export { default as Client } from 'undici/lib/dispatcher/client.js';

// undici's proxy, loaded only where there is one. It calls `connect` on its client, a method that undici's index adds
// to all dispatchers; without the index it is added here.

import connect from 'undici/lib/api/api-connect.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

Object.assign(Dispatcher.prototype, { connect });

export { ProxyAgent };

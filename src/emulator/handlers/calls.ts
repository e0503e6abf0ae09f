// Phone calls, in the local API: placed, looked at, handed over, hung up.

import type { callRoutes } from '../../protocol/call-routes.js';
import type { Handlers } from '../handler.js';

export const callHandlers: Pick<Handlers, keyof typeof callRoutes> = {
  placeCall: ({ body }, { calls }) => ({ json: { call: calls.place(body).view() } }),

  getCall: ({ params }, { calls }) => ({ json: { call: calls.find(params.call_id).view() } }),

  referCall({ params, body }, { calls }) {
    calls.refer(params.call_id, body.target_uri);
    return { json: {} };
  },

  hangUpCall({ params }, { calls }) {
    calls.hangUp(params.call_id);
    return { json: {} };
  },
};

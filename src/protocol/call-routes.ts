// The routes of calls that are under way.

import { ReferBody } from './calls.js';
import { route } from './route.js';

/** What the service replies is not known: any 2xx is done. */
const done = () => ({});

export const callRoutes = {
  /** Hands the caller over. Never repeated by itself: the second time would be about another moment of the call. */
  referCall: route({
    method: 'POST',
    path: '/v1/realtime/calls/{call_id}/refer',
    effect: 'purchase',
    body: ReferBody,
    read: done,
  }),
  hangUpCall: route({
    method: 'POST',
    path: '/v1/realtime/calls/{call_id}/hangup',
    effect: 'purchase',
    read: done,
  }),
};

// The routes of phone calls. Steering a call is documented; placing one is not, and api.x.ai has no public endpoint for
// it: the shape is that of the local API, read tolerantly.

import { PlaceCallBody, ReferBody, readCall } from './calls.js';
import { route } from './route.js';

/** What the service replies is not known: any 2xx is done. */
const done = () => ({});

export const callRoutes = {
  /** A telephone rings somewhere: never repeated. */
  placeCall: route({
    method: 'POST',
    path: '/v1/realtime/calls',
    effect: 'purchase',
    body: PlaceCallBody,
    read: readCall,
  }),
  getCall: route({
    method: 'GET',
    path: '/v1/realtime/calls/{call_id}',
    effect: 'read',
    read: readCall,
  }),
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

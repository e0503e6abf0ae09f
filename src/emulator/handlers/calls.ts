// Calls that are under way, in the local API.

import type { callRoutes } from '../../protocol/call-routes.js';
import type { Handlers } from '../handler.js';
import { notFound } from '../refusal.js';

export const callHandlers: Pick<Handlers, keyof typeof callRoutes> = {
  referCall({ params }) {
    throw notFound(`Call not found: ${params.call_id}`);
  },

  hangUpCall({ params }) {
    throw notFound(`Call not found: ${params.call_id}`);
  },
};

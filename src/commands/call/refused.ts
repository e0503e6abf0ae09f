// A call that was not placed: which failures mean that the server cannot, and which leave it open.

import { CliError } from '../../errors.js';

const noEndpoint = [404, 405, 501];
const otherWays =
  "the console's Call Me has the agent call you: https://console.x.ai; or let a carrier such as Twilio or Telnyx dial and " +
  'bridge the call to sip:<number>@sip.voice.x.ai;transport=tls; offline, agents --local call works';

/** The failure as it is told. `url` is where the call was to be placed. */
export function notPlaced(error: unknown, url: string): unknown {
  if (!(error instanceof CliError)) return error;
  const { code, status, requestId } = error;
  const { origin, pathname } = new URL(url);
  const details = { status, requestId, hint: otherWays, cause: error };
  if (status !== undefined && noEndpoint.includes(status)) {
    const message = `${origin} has no endpoint for placing calls (POST ${pathname}: status ${status})`;
    return new CliError('refused', message, details);
  }
  if (/no phone number/i.test(error.message))
    return error.withHint(
      'agents phone list shows the numbers; agents phone assign <number> <agent> gives it one',
    );
  // A wrong key, a blocked team and the like have a message of their own.
  if (status === 403 && code === 'forbidden' && !/team/i.test(error.message))
    return new CliError(
      'forbidden',
      `${error.message}; there is no public endpoint for placing calls`,
      details,
    );
  const mayBePlaced = ['network', 'timeout', 'unavailable', 'invalid_reply'].includes(code);
  const isRefusedAtOnce = /nothing listens|does not resolve/.test(error.message);
  if (!mayBePlaced || isRefusedAtOnce) return error;
  return error.withHint(
    'nobody knows whether the telephone rings, so it is not tried again: look before you call once more',
  );
}

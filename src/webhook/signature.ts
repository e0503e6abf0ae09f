// Whether a webhook is the service's own: Standard Webhooks, by the library of those who made it. Its own check looks
// at the clock of the machine; here time is handed in, so its signing is used and the comparison is made here.

import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** What a delivery is signed by, as its headers tell. */
export interface Signed {
  /** `webhook-id`. */
  id: string;
  /** `webhook-timestamp`: Unix seconds. */
  timestamp: string;
  /** `webhook-signature`: one or more, parted by blanks, each `v1,<base64>`. */
  signature: string;
}

/** Holds the secrets a delivery may be signed with: of several numbers, or an old one beside the new. */
export interface Signatures {
  /** Whether one of the signatures is of one of the secrets, over exactly this body. Takes as long for each answer. */
  isGenuine(signed: Signed, body: string): boolean;
}

/** Deliveries may be so old, or so far ahead of our clock: what the standard's own libraries hold to. */
export const toleranceMs = 5 * 60_000;

/** Longer ones are nobody's, and each costs a comparison. */
const mostSignatures = 16;

/** Throws RangeError for a secret that none can be signed with. */
export function createSignatures(secrets: readonly string[]): Signatures {
  const signers = secrets.flatMap(signersOf);
  return {
    isGenuine({ id, timestamp, signature }, body) {
      const at = new Date(Number(timestamp) * 1000);
      const given = signature.split(' ', mostSignatures).map((each) => Buffer.from(each));
      const expected = signers.map((signer) => Buffer.from(signer.sign(id, at, body)));
      return expected.map((one) => given.some((other) => isSame(one, other))).includes(true);
    },
  };
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * A secret is `whsec_` and base64. Seen without the prefix, where nobody says whether it is base64 or the key itself:
 * both are tried.
 */
function signersOf(secret: string): Webhook[] {
  const isPrefixed = secret.startsWith(prefix);
  const text = isPrefixed ? secret.slice(prefix.length) : secret;
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (isPrefixed && key.length === 0) throw new RangeError(`what follows ${prefix} is no base64`);
  const keys = isPrefixed ? [key] : [key, Buffer.from(secret)];
  const signers = keys.filter(({ length }) => length > 0).map((each) => new Webhook(each, { format: 'raw' }));
  if (signers.length === 0) throw new RangeError('it is empty');
  return signers;
}

const prefix = 'whsec_';

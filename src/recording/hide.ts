// What a recording must not hold: the API key, ephemeral keys, what a tool of an MCP server logs in with, and the phone
// numbers of those who call.

import { isObject } from '../protocol/json.js';
import { hidden, hideInText, hideSecrets, maskNumbers } from '../protocol/redact.js';

/** A shorter key might stand in sound by chance. */
const shortestInSound = 16;

/** What is not kept. */
export interface Hiding {
  /** The API key, wherever it stands. */
  key: string | undefined;
  /** Whether phone numbers are kept whole: masked unless somebody asked for them. */
  showNumbers?: boolean | undefined;
  /** Members that name things of the user's own, by which they are found again: they lose the key alone. */
  isName?: ((owner: Record<string, unknown>, member: string) => boolean) | undefined;
}

/** A copy of an event or a spec without the secrets in it. Sound stays as it is. */
export function hideForRecord<T>(value: T, hiding: Hiding): T {
  return hide(value, hiding) as T;
}

/** Text without secrets, also those that stand in JSON. */
export function hideTextForRecord(text: string, { key, showNumbers = false }: Hiding): string {
  const shown = hideInText(text, key || undefined);
  return showNumbers ? shown : maskNumbers(shown);
}

function hide(value: unknown, hiding: Hiding): unknown {
  if (typeof value === 'string') return hideTextForRecord(value, hiding);
  if (Array.isArray(value)) return value.map((entry) => hide(entry, hiding));
  if (!isObject(value)) return value;
  const { key } = hiding;
  const known = isMcpTool(value) ? withoutLogin(value) : value;
  return Object.fromEntries(
    Object.entries(known).map(([name, member]) => [
      key ? name.replaceAll(key, hidden) : name,
      typeof member === 'string' ? hideMember(known, name, member, hiding) : hide(member, hiding),
    ]),
  );
}

function hideMember(owner: Record<string, unknown>, name: string, text: string, hiding: Hiding): unknown {
  const { key } = hiding;
  if (hiding.isName?.(owner, name)) return key ? text.replaceAll(key, hidden) : text;
  if (isSound(owner, name)) {
    return key && key.length >= shortestInSound ? text.replaceAll(key, hidden) : text;
  }
  // By its name; what makes an object a secret as a whole is seen from its other members.
  const { [name]: shown } = hideSecrets({ ...shallow(owner), [name]: text }) as Record<string, unknown>;
  return typeof shown === 'string' ? hideTextForRecord(shown, hiding) : shown;
}

/** The members that tell an ephemeral key from other values. */
function shallow(owner: Record<string, unknown>): Record<string, unknown> {
  return 'expires_at' in owner ? { expires_at: 0 } : {};
}

/** Base64: of a piece of the agent's voice, or of the person's. */
function isSound({ type }: Record<string, unknown>, name: string): boolean {
  if (name === 'audio') return type === 'input_audio_buffer.append' || type === 'input_audio';
  return name === 'delta' && typeof type === 'string' && type.endsWith('audio.delta');
}

function isMcpTool(value: Record<string, unknown>): boolean {
  return value.type === 'mcp' || typeof (value.server_url ?? value.serverUrl) === 'string';
}

/** Its headers may have any name, and all of them may be secret. */
function withoutLogin(tool: Record<string, unknown>): Record<string, unknown> {
  const { authorization, headers } = tool;
  return {
    ...tool,
    ...(authorization !== undefined && { authorization: hidden }),
    ...(isObject(headers) && {
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, hidden])),
    }),
  };
}

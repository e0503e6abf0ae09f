// A spec: an agent as a person or a program writes it down. Read in every form the API has been seen to use,
// checked before anything is sent.

import { CliError } from '../errors.js';
import {
  AgentBody,
  AgentPatch,
  knownMembers,
  normaliseAgent,
  readOnlyMembers,
  toolKindNames,
} from '../protocol/agent.js';
import { type Fault, faultsOf } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { didYouMean } from './did-you-mean.js';

export interface Spec {
  /** What may be sent: documented names, read-only members left out. */
  agent: Record<string, unknown>;
  /** The id it carries, if it was copied from a reply or is meant for an update. */
  agentId: string | undefined;
  /** The mask it carries. */
  fieldMask: string[] | undefined;
  /** The phone number its envelope assigns; "" takes the present one away. */
  phoneNumberId: string | undefined;
  /** About members of the envelope that nobody knows, and that are not sent. */
  notes: string[];
  /** Where it stands, for messages. */
  place: string;
}

/** A spec from a value: bare, or in the API's envelope with a mask beside it. Throws CliError `invalid_spec`. */
export function readSpec(value: unknown, place: string): Spec {
  const envelope = isObject(value) && Object.hasOwn(value, 'agent') ? value : undefined;
  const body = envelope === undefined ? value : envelope.agent;
  if (!isObject(body)) {
    const kind = Array.isArray(body) ? 'a list' : body === null ? 'nothing' : `a ${typeof body}`;
    throw new CliError('invalid_spec', `${place}: an agent must be an object, got ${kind}`, {
      hint: 'a spec looks like {"name": "My Agent", "instructions": "You are helpful"}',
    });
  }
  const agent = normaliseAgent(withoutNulls(body));
  const id = agent.agent_id ?? agent.id;
  const phoneNumberId = envelope?.phone_number_id ?? envelope?.phoneNumberId;
  return {
    agent: Object.fromEntries(Object.entries(agent).filter(([name]) => !readOnlyMembers.has(name))),
    agentId: typeof id === 'string' && id !== '' ? id : undefined,
    fieldMask: readMask(envelope?.field_mask ?? envelope?.fieldMask, place),
    phoneNumberId: typeof phoneNumberId === 'string' ? phoneNumberId : undefined,
    notes: Object.keys(envelope ?? {})
      .filter((name) => !envelopeNames.includes(name))
      .map(
        (name) =>
          `${place}: ${name} beside agent is not a member the API documents${didYouMean(name, envelopeNames)}; left out`,
      ),
    place,
  };
}

const envelopeNames = ['agent', 'field_mask', 'fieldMask', 'phone_number_id', 'phoneNumberId'];

/** A reply may write what is not set as null. At the top it says that something is cleared, deeper it says nothing. */
function withoutNulls(agent: Record<string, unknown>): Record<string, unknown> {
  const kept = (value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
      : value;
  return {
    ...agent,
    ...(isObject(agent.voice) && { voice: kept(agent.voice) }),
    ...(Array.isArray(agent.tools) && { tools: agent.tools.map(kept) }),
  };
}

function readMask(mask: unknown, place: string): string[] | undefined {
  if (mask === undefined || mask === null) return undefined;
  const paths = isObject(mask) ? mask.paths : typeof mask === 'string' ? mask.split(',') : mask;
  if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string')) {
    throw new CliError('invalid_spec', `${place}: field_mask must be {"paths": ["name", …]}`);
  }
  const names: string[] = paths.map((path: string) => path.trim());
  return names
    .filter((path) => path !== '')
    .map((path) => (path === 'collectionIds' ? 'collection_ids' : path));
}

const specMembers = ['name', 'instructions', 'tools', 'voice', 'collection_ids'];

/**
 * Any object would pass for an agent of which nothing is said. Throws CliError `invalid_spec` for one that has nothing
 * an agent has, saying what it looks like.
 */
export function checkIsSpec(agent: Record<string, unknown>, place: string): void {
  if (specMembers.some((name) => agent[name] !== undefined)) return;
  const isScript = Array.isArray(agent.rules);
  throw new CliError('invalid_spec', `${place} is no agent: it has none of ${specMembers.join(', ')}`, {
    hint: isScript
      ? `it looks like a script: agents dev --script ${place}`
      : 'a spec looks like {"name": "My Agent", "instructions": "You are helpful"}',
  });
}

/**
 * Checks what is about to be sent. Throws CliError `invalid_spec` naming every fault; returns notes about
 * members nobody knows, which are sent all the same.
 */
export function checkSpec(
  agent: Record<string, unknown>,
  place: string,
  kind: 'create' | 'update',
): string[] {
  const faults = [...faultsOf(kind === 'create' ? AgentBody : AgentPatch, agent), ...repeatedNames(agent)];
  const notes: string[] = [];
  const problems: string[] = [];
  for (const fault of faults) {
    const unknown = unknownThing(agent, fault);
    if (unknown === undefined) problems.push(`${fault.path} ${fault.problem}`.trim());
    else
      notes.push(
        `${place}: ${fault.path} is not a ${unknown.what} the API documents${unknown.suggestion}; sent as it is`,
      );
  }
  if (problems.length > 0) {
    throw new CliError('invalid_spec', `${place}: ${problems.join('; ')}`, {
      hint: 'nothing was sent',
    });
  }
  return notes;
}

function unknownThing(agent: unknown, fault: Fault): { what: string; suggestion: string } | undefined {
  if (fault.unknown !== undefined) {
    return {
      what: 'member',
      suggestion: didYouMean(fault.unknown, knownMembers(agent, fault.keys)),
    };
  }
  const [member, at, last] = fault.keys;
  if (member !== 'tools' || last !== 'type' || !isObject(agent)) return undefined;
  const type = (agent.tools as { type?: unknown }[])[Number(at)]?.type;
  return typeof type === 'string'
    ? { what: 'tool kind', suggestion: didYouMean(type, toolKindNames) }
    : undefined;
}

/** Two functions of one name could not be told apart in a call. */
function repeatedNames(agent: Record<string, unknown>): Fault[] {
  const seen = new Map<string, number>();
  if (!Array.isArray(agent.tools)) return [];
  return agent.tools.flatMap((tool: { function?: { name?: unknown } } | null, at: number): Fault[] => {
    const name = tool?.function?.name;
    if (typeof name !== 'string') return [];
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, at);
      return [];
    }
    return [
      {
        path: `tools[${at}].function.name`,
        keys: [],
        misshapen: false,
        problem: `is "${name}", as is tools[${first}]'s`,
      },
    ];
  });
}

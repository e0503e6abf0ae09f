// The file of `--tools`: which handler runs which tool. What it holds is checked in full before anything runs.
//
//   tools:
//     lookup_order: { module: ./orders.mjs, export: lookup }      # export: the tool's own name, if left out
//     track_parcel: { command: [python3, track.py], safe: true }  # arguments on stdin, result from stdout
//     open_ticket:  { url: 'https://desk.example/tickets', headers: { authorization: 'Bearer ${DESK_TOKEN}' } }
//     find_product: { mcp: { command: [npx, -y, catalogue-mcp], tool: search } }
//     store_hours:  { return: { open: '9 to 5' } }
//     book_table:
//       - { when: { guests: 20 }, error: we have no such table }
//       - { needs: { table: free }, sets: { table: taken }, return: { booked: '{{time}}' } }
//   state: { table: free }          # of the canned answers
//   mcp: { crm: { url: … } }        # servers with names; tools without a handler are looked for there

import * as z from 'zod/mini';
import { CliError } from '../errors.js';
import { type Fault, faultsOf, pathText } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { didYouMean } from '../spec/did-you-mean.js';

const text = z.string().check(z.minLength(1));
const table = z.record(z.string(), z.string());
const members = z.record(z.string(), z.unknown());
const argv = z.array(z.string()).check(z.minLength(1));
const ms = z.number().check(z.gte(0), z.lte(86_400_000));
const common = { timeout_ms: z.optional(ms.check(z.gt(0))), safe: z.optional(z.boolean()) };

const Answer = {
  when: z.optional(members),
  needs: z.optional(members),
  sets: z.optional(members),
  return: z.optional(z.unknown()),
  error: z.optional(text),
  delay_ms: z.optional(ms),
  times: z.optional(z.int().check(z.gte(1))),
};

const program = { command: argv, cwd: z.optional(text), env: z.optional(table) };
const address = { url: text, headers: z.optional(table) };
const tool = { tool: z.optional(text) };
const servers = {
  command: z.strictObject({ ...program, ...tool }),
  url: z.strictObject({ ...address, ...tool }),
  server: z.strictObject({ server: text, ...tool }),
};

const kinds = {
  run: z.strictObject({ run: z.custom(isFunction, 'must be a function'), ...common }),
  module: z.strictObject({ module: text, export: z.optional(text), ...common }),
  command: z.strictObject({ ...program, ...common }),
  url: z.strictObject({ ...address, method: z.optional(z.enum(['POST', 'PUT', 'PATCH'])), ...common }),
  mcp: z.strictObject({ mcp: z.unknown(), ...common }),
  answers: z.strictObject({ answers: z.array(z.strictObject(Answer)).check(z.minLength(1)), ...common }),
  canned: z.strictObject({ ...Answer, ...common }),
};
type Kind = keyof typeof kinds;
export type HandlerSpec = { [K in Kind]: { kind: K; place: string } & z.infer<(typeof kinds)[K]> }[Kind];
export type ServerSpec = z.infer<(typeof servers)[keyof typeof servers]>;

export interface ToolFile {
  /** As the user named it. */
  source: string;
  /** What paths in it are relative to. */
  folder: string;
  handlers: Map<string, HandlerSpec>;
  state: unknown;
  servers: Map<string, ServerSpec>;
}

/** Throws CliError `invalid_spec` naming every fault with its place in the file. */
export function readToolFile(value: unknown, source: string, folder: string): ToolFile {
  const faults: string[] = [];
  if (!isObject(value)) throw invalid(source, ['must be an object with the member tools'], source);
  for (const name of Object.keys(value)) {
    if (!topMembers.includes(name)) faults.push(`${name} is not known${didYouMean(name, topMembers)}`);
  }
  for (const name of topMembers) {
    if (value[name] !== undefined && !isObject(value[name])) faults.push(`${name} must be an object`);
  }
  const own = (name: string) => Object.entries(isObject(value[name]) ? value[name] : {});
  const named = new Map<string, ServerSpec>();
  for (const [name, spec] of own('mcp')) {
    const found = checkServer(spec, ['mcp', name], ['command', 'url']);
    faults.push(...found);
    named.set(name, spec as ServerSpec);
  }
  const handlers = new Map<string, HandlerSpec>();
  for (const [name, spec] of own('tools')) {
    const read = readHandler(spec, name, named);
    if ('faults' in read) faults.push(...read.faults);
    else handlers.set(name, read.handler);
  }
  if (faults.length === 0 && handlers.size === 0 && named.size === 0) faults.push('holds no handler');
  if (faults.length > 0) throw invalid(source, faults, source);
  return { source, folder, handlers, state: value.state ?? {}, servers: named };
}

const topMembers = ['tools', 'state', 'mcp'];

/** A fault of a tools file. */
export function invalid(place: string, faults: readonly string[], source: string, cause?: unknown): CliError {
  return new CliError('invalid_spec', `${place}: ${faults.join('; ')}`, {
    hint: source === '' ? undefined : 'agents help handlers shows what a tools file may hold',
    cause,
  });
}

type Read = { handler: HandlerSpec } | { faults: string[] };

function readHandler(spec: unknown, name: string, named: ReadonlyMap<string, unknown>): Read {
  const path = ['tools', name];
  const place = pathText(path);
  const value = isFunction(spec) ? { run: spec } : Array.isArray(spec) ? { answers: spec } : spec;
  if (!isObject(value)) return { faults: [`${place} must be a handler: ${kindsInWords}`] };
  const found = telling.filter((kind) => Object.hasOwn(value, kind));
  const isCanned = Object.keys(value).some((member) => Object.hasOwn(Answer, member));
  if (found.length > 1) return { faults: [`${place} names several handlers: ${found.join(' and ')}`] };
  const kind: Kind | undefined = found[0] ?? (isCanned ? 'canned' : undefined);
  if (kind === undefined) {
    const near = Object.keys(value).map((member) => didYouMean(member, [...telling, ...Object.keys(Answer)]));
    return { faults: [`${place} must name a handler: ${kindsInWords}${near.find(Boolean) ?? ''}`] };
  }
  // A list may stand for its answers: then its faults stand in it.
  const shown = Array.isArray(spec)
    ? (fault: Fault) => withoutStep(fault, 'answers')
    : (fault: Fault) => fault;
  const faults = faultsOf(kinds[kind], value)
    .map(shown)
    .map((fault) => faultText(fault, path, knownAt(kinds[kind], fault)));
  if (kind === 'mcp') faults.push(...mcpFaults(value.mcp, [...path, 'mcp'], named));
  if (kind === 'url' && faults.length === 0) faults.push(...urlFaults(value.url as string, [...path, 'url']));
  return faults.length > 0 ? { faults } : { handler: { ...value, kind, place } as HandlerSpec };
}

const telling: Exclude<Kind, 'canned'>[] = ['run', 'module', 'command', 'url', 'mcp', 'answers'];
const kindsInWords = 'module, command, url, mcp, return, error, or a list of answers';

function mcpFaults(value: unknown, path: PropertyKey[], named: ReadonlyMap<string, unknown>): string[] {
  const server = typeof value === 'string' ? { server: value } : value;
  const faults = checkServer(server, path, ['command', 'url', 'server']);
  const name = isObject(server) && typeof server.server === 'string' ? server.server : undefined;
  if (faults.length === 0 && name !== undefined && !named.has(name)) {
    faults.push(
      `${pathText(path)} names ${name}, which is not among mcp${didYouMean(name, [...named.keys()])}`,
    );
  }
  return faults;
}

function checkServer(value: unknown, path: PropertyKey[], allowed: (keyof typeof servers)[]): string[] {
  const kind = isObject(value) ? allowed.find((each) => Object.hasOwn(value, each)) : undefined;
  if (kind === undefined) return [`${pathText(path)} must name ${allowed.join(' or ')}`];
  const faults = faultsOf(servers[kind], value).map((fault) =>
    faultText(fault, path, Object.keys(servers[kind].shape)),
  );
  if (kind === 'url' && faults.length === 0) {
    faults.push(...urlFaults((value as { url: string }).url, [...path, 'url']));
  }
  return faults;
}

/** Variables are filled in later: an address may be one as a whole. */
function urlFaults(url: string, path: PropertyKey[]): string[] {
  const isRight = url.startsWith('${') || (/^https?:\/\//i.test(url) && URL.canParse(url));
  return isRight ? [] : [`${pathText(path)} must be an http or https URL, got ${JSON.stringify(url)}`];
}

function faultText({ keys, path, unknown, problem }: Fault, at: PropertyKey[], known: string[]): string {
  const full = [...at, ...keys, ...(unknown === undefined ? [] : [unknown])];
  const suggestion = unknown === undefined ? '' : didYouMean(unknown, known);
  return `${pathText(path === '' ? at : full)} ${problem}${suggestion}`;
}

function knownAt(kind: (typeof kinds)[Kind], { keys }: Fault): string[] {
  return keys.length > 0 ? Object.keys(Answer) : Object.keys(kind.shape);
}

function withoutStep(fault: Fault, step: string): Fault {
  return fault.keys[0] === step ? { ...fault, keys: fault.keys.slice(1) } : fault;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

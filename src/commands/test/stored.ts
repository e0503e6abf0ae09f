// Agents that are made for a test. Each is written down before it is made, so that one that a crash left behind is
// found by its name and deleted by the next run.

import { join } from 'node:path';
import type { Api } from '../../api/client.js';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { isFile, namesIn, readBytes, removeFile, writePrivate } from '../../files.js';
import { writeJson } from '../../json-text.js';
import { Once } from '../../once.js';
import type { Agent, AgentConfig } from '../../protocol/agent.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { collectAgents } from '../find-agent.js';

export interface StoredAgents {
  /** The agent of a spec, made once for all that ask for the same. Throws CliError. */
  create(spec: AgentConfig): Promise<Agent>;
}

/** Deletes what it makes with the context, also when the run is stopped. */
export function createStoredAgents(context: Context): StoredAgents {
  const made = new Once<Agent>();
  const mark = context.newId().slice(0, 8);
  const path = join(folderOf(context), `${mark}.json`);
  const names: string[] = [];
  /** Whether one may have been made of which nothing is known. */
  let isUnsure = false;
  let isWritten = false;
  let writing: Promise<unknown> = Promise.resolve();

  /** One write after the other: of two at a time the older could be the last to end, and lack a name. */
  function writeDown(server: string): Promise<void> {
    const at = new Date(context.clock.now()).toISOString();
    const written = writing.then(async () => {
      const { hostname, pid } = context.host;
      const journal: Journal = { server, host: hostname, pid, at, names };
      await writePrivate(path, writeJson(journal));
      isWritten = true;
    });
    writing = written.catch(() => {});
    return written;
  }

  async function make(spec: AgentConfig): Promise<Agent> {
    const api = await context.api();
    if (names.length === 0) context.onClose(deleteAll);
    const name = `${String(spec.name ?? 'agent').slice(0, 60)} (test ${mark}-${names.length + 1})`;
    names.push(name);
    await writeDown(await serverName(context));
    return api.createAgent({ body: { ...spec, name } }).catch((error: unknown) => {
      isUnsure = true;
      throw error;
    });
  }

  async function deleteAll(): Promise<void> {
    // The run may have been stopped: what it made goes all the same.
    const api = await context.api({ signal: new AbortController().signal });
    const created = await Promise.allSettled(made.all());
    const failed: string[] = [];
    for (const each of created) {
      if (each.status !== 'fulfilled') continue;
      const { agent_id } = each.value;
      await deleteAgent(api, agent_id).catch(() => failed.push(agent_id));
    }
    // One whose making was not answered may be there: its name stays written down.
    if (failed.length === 0 && !isUnsure) return isWritten ? removeFile(path) : undefined;
    context.output.note(`note: the next agents test deletes what this one could not`);
  }

  return {
    create: (spec) => made.get(writeJson(spec), () => make(spec)),
  };
}

interface Journal {
  server: string;
  /** The machine whose process it is; older journals do not tell. */
  host?: string;
  pid: number;
  /** ISO time of the last entry. */
  at?: string;
  names: string[];
}

/** Deletes agents that earlier runs left at this server. Tells how many; what cannot be done now is left for later. */
export async function sweepStored(context: Context): Promise<number> {
  const folder = folderOf(context);
  let deleted = 0;
  for (const name of namesIn(folder).filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    const journal = await readJournal(path);
    if (journal === undefined || mayGoOn(context, journal)) continue;
    if (journal.server !== (await serverName(context))) continue;
    try {
      const found = await deleteNamed(context, journal.names);
      deleted += found;
      // Where none is seen, another key may see them.
      if (found > 0 || isOlder(journal, 7 * dayMs, context.clock.now())) await removeFile(path);
    } catch (error) {
      context.output.note(`note: agents of an earlier test are still there: ${messageOf(error)}`);
    }
  }
  return deleted;
}

/** Whether the run of a journal may not be over. */
function mayGoOn({ host, clock }: Context, journal: Journal): boolean {
  // A state folder may be shared: of a process on another machine only its time can be known.
  const isElsewhere = journal.host !== undefined && journal.host !== host.hostname;
  if (isElsewhere) return !isOlder(journal, dayMs, clock.now());
  // In a container every run may have the same number: ours has written nothing yet.
  return journal.pid !== host.pid && host.isAlive(journal.pid);
}

const dayMs = 86_400_000;
const isOlder = ({ at }: Journal, ms: number, nowMs: number) => !(nowMs - Date.parse(at ?? '') < ms);

async function deleteNamed(context: Context, names: readonly string[]): Promise<number> {
  const left = await collectAgents(
    context,
    undefined,
    ({ name }) => typeof name === 'string' && names.includes(name),
  );
  const api = await context.api();
  for (const { agent_id } of left) await deleteAgent(api, agent_id);
  return left.length;
}

/** One that is gone already is deleted. */
async function deleteAgent(api: Api, agent_id: string): Promise<void> {
  await api.deleteAgent({ agent_id }).catch((error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error;
  });
}

async function readJournal(path: string): Promise<Journal | undefined> {
  if (!isFile(path)) return undefined;
  try {
    const value = parseJson((await readBytes(path, 1024 * 1024)).toString('utf8'));
    const isRight = isObject(value) && typeof value.pid === 'number' && Array.isArray(value.names);
    return isRight ? (value as unknown as Journal) : undefined;
  } catch {
    return undefined;
  }
}

const folderOf = ({ folders }: Context) => join(folders.state, 'tests');

/** The local API of every --local keeps its agents in one place. */
async function serverName(context: Context): Promise<string> {
  return context.settings.baseUrl === undefined
    ? `local ${context.folders.data}`
    : (await context.server()).baseUrl.href;
}

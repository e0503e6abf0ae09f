import type { Api } from '../api/client.js';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { writeJson } from '../json-text.js';
import { type Agent, maskPaths, voiceOf } from '../protocol/agent.js';
import { isObject } from '../protocol/json.js';
import type { Spec } from '../spec/spec.js';
import { cardOf } from './agent-card.js';
import { type AgentFlags, addAgentFlags, readAgentFlags } from './agent-flags.js';
import { isFileTarget } from './agent-target.js';
import { examples, type Register } from './command.js';
import { showRequest } from './dry-run.js';

interface Flags extends AgentFlags {
  clearInstructions?: boolean;
  clearTools?: boolean;
  clearVoice?: boolean;
  clearCollections?: boolean;
  /** False for `--no-phone-number`. */
  phoneNumber?: string | false;
  dryRun?: boolean;
}

export const register: Register = (command, action) =>
  addAgentFlags(command)
    .argument('<id|file>', 'the agent, or a file holding agent.agentId and what changes (- for stdin)')
    .option('--clear-instructions', 'leave it without instructions')
    .option('--clear-tools', 'leave it without tools')
    .option('--clear-voice', 'back to the default voice')
    .option('--clear-collections', 'leave it without collections')
    .option('--phone-number <number>', 'assign a phone number: its id, or the number itself (+1…)')
    .option('--no-phone-number', 'take its phone number away')
    .option('--dry-run', 'show the request and send nothing')
    .addHelpText(
      'after',
      examples(
        'agents update agent_abc123 --name "New Name"',
        'agents update agent_abc123 --voice leo --vad-threshold 0.7',
        'agents update agent_abc123 --clear-instructions',
        'agents update agent_abc123 --instructions "Updated prompt" --dry-run',
        'agents update update.json',
      ),
    )
    .action(action(update));

/** What is to change: exactly what was asked for, no more. */
interface Change {
  id: string;
  agent: Record<string, unknown>;
  paths: string[];
  /** The mask was written down, not derived from the members that are there. */
  maskGiven: boolean;
  phoneNumberId: string | undefined;
  place: string;
}

async function update(context: Context, target: string, flags: Flags): Promise<undefined> {
  const change = await collectChange(context, target, flags);
  const api = await context.api();
  const body = await bodyOf(context, api, change);
  if (flags.dryRun === true) {
    showRequest(context, api.show('updateAgent', { agent_id: change.id, body }));
    return;
  }
  const agent = await context.output.during('Updating the agent', async () => {
    const reply = await api.updateAgent({ agent_id: change.id, body });
    // The reply's shape is not documented: without an agent in it, the agent itself is asked.
    return reply ?? api.getAgent({ agent_id: change.id });
  });
  context.output.show({ agent }, cardOf);
}

async function collectChange(context: Context, target: string, flags: Flags): Promise<Change> {
  const file = isFileTarget(context, target) ? await readChangeFile(context, target) : undefined;
  const fromFlags = await readAgentFlags(context, flags);
  const cleared = clearedPaths(flags, fromFlags);
  const id = file?.agentId ?? target;
  const agent: Record<string, unknown> = { ...file?.agent, ...fromFlags };
  if (isObject(file?.agent.voice) && fromFlags.voice)
    agent.voice = { ...file.agent.voice, ...fromFlags.voice };
  for (const path of cleared) delete agent[path];
  const asked = [
    ...(file === undefined ? [] : (file.fieldMask ?? Object.keys(file.agent))),
    ...Object.keys(fromFlags),
    ...cleared,
  ];
  const phoneNumberId = (await readPhoneNumber(context, flags.phoneNumber)) ?? file?.phoneNumberId;
  const paths = [...new Set(asked)];
  if (paths.length === 0 && phoneNumberId === undefined) {
    throw new CliError('usage', 'nothing to change', { hint: 'agents update --help shows what can be' });
  }
  return {
    id,
    agent,
    paths,
    maskGiven: file?.fieldMask !== undefined,
    phoneNumberId,
    place: file?.place ?? 'the update',
  };
}

/** The id that the flag means; "" to take the present one away. */
async function readPhoneNumber(
  context: Context,
  given: string | false | undefined,
): Promise<string | undefined> {
  if (given === false) return '';
  if (!given?.startsWith('+')) return given;
  const { numberByAny } = await import('./phone/numbers.js');
  return (await numberByAny(context, given)).number.phone_number_id;
}

async function readChangeFile(context: Context, target: string): Promise<Spec & { agentId: string }> {
  const [{ parseValues }, { readSpec }] = await Promise.all([
    import('../spec/parse.js'),
    import('../spec/spec.js'),
  ]);
  const { text, source } = await context.read(target);
  const { values } = await parseValues(text, source);
  const [first, second] = values;
  if (first === undefined || second !== undefined) {
    throw new CliError('invalid_spec', `${source} holds ${values.length} specs; an update takes one`);
  }
  const spec = readSpec(first.value, first.place);
  for (const note of spec.notes) context.output.note(`note: ${note}`);
  if (spec.agentId === undefined) {
    throw new CliError('invalid_spec', `${source}: agent.agentId is missing: which agent is to change?`, {
      hint: 'it looks like {"agent": {"agentId": "agent_abc123", "name": "New Name"}}',
    });
  }
  return { ...spec, agentId: spec.agentId };
}

const clears = {
  instructions: 'clearInstructions',
  tools: 'clearTools',
  voice: 'clearVoice',
  collection_ids: 'clearCollections',
} as const;

function clearedPaths(flags: Flags, given: Record<string, unknown>): string[] {
  const cleared = Object.entries(clears)
    .filter(([, flag]) => flags[flag] === true)
    .map(([path]) => path);
  const both = cleared.find((path) => given[path] !== undefined);
  if (both !== undefined) {
    throw new CliError('usage', `${both} cannot be set and cleared at once`, {
      hint: 'leave one of the two flags out',
    });
  }
  return cleared;
}

/** The request body: checked, `voice` whole, the name sent along with a phone number. */
async function bodyOf(context: Context, api: Api, change: Change): Promise<Record<string, unknown>> {
  const { checkSpec } = await import('../spec/spec.js');
  const { phoneNumberId, place, id } = change;
  let current: Promise<Agent> | undefined;
  const fetched = () => {
    current ??= context.output.during('Fetching the agent', () => api.getAgent({ agent_id: id }));
    return current;
  };
  const paths = change.maskGiven ? [...change.paths] : await changedPaths(change, fetched);
  const agent = maskedMembers(paths, change);
  for (const note of checkSpec(agent, place, 'update')) context.output.note(`note: ${note}`);
  // The service does not say whether it merges: what is written whole is right either way.
  if (isObject(agent.voice)) agent.voice = { ...voiceOf(await fetched()), ...agent.voice };
  // Masking the name and leaving it out, as the documentation's own example does, would clear it.
  if (phoneNumberId !== undefined && agent.name === undefined) {
    const { name } = await fetched();
    if (name !== undefined) agent.name = name;
    if (!paths.includes('name')) paths.push('name');
  }
  return {
    agent,
    field_mask: { paths },
    ...(phoneNumberId !== undefined && { phone_number_id: phoneNumberId }),
  };
}

/** A file copied from a reply may hold members no mask can name: they count only where they were changed. */
async function changedPaths({ paths, agent }: Change, fetched: () => Promise<Agent>): Promise<string[]> {
  const known: readonly string[] = maskPaths;
  const changed: string[] = [];
  for (const path of paths) {
    const isChanged = known.includes(path) || !isSame((await fetched())[path], agent[path]);
    if (isChanged) changed.push(path);
  }
  return changed;
}

const isSame = (one: unknown, other: unknown) => writeJson(one) === writeJson(other);

/** The masked members that have a value; null says the same as leaving one out: cleared. */
function maskedMembers(paths: string[], { agent, place }: Change): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const path of paths) {
    const member = path.split('.')[0] ?? path;
    if (agent[member] !== undefined && agent[member] !== null) members[member] = agent[member];
  }
  if (paths.includes('name') && members.name === undefined) {
    throw new CliError('invalid_spec', `${place}: an agent's name can be changed but not cleared`);
  }
  return members;
}

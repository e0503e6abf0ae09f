import { join } from 'node:path';
import type { Api } from '../api/client.js';
import type { Context } from '../context.js';
import { CliError, exit, messageOf } from '../errors.js';
import type { Agent } from '../protocol/agent.js';
import { templatePrefix } from '../spec/templates.js';
import { titled } from '../terminal/table.js';
import { type AgentFlags, addAgentFlags, type PartialAgent, readAgentFlags } from './agent-flags.js';
import { againPrefix, namesDate } from './agent-target.js';
import { asCliError, type Failure, isStop, reportBatch } from './batch.js';
import { examples, type Register, shellQuoted } from './command.js';

interface Flags extends AgentFlags {
  template?: string;
}

export const register: Register = (command, action) =>
  addAgentFlags(command)
    .argument('[file]', 'a spec, several, or one a line; JSON or YAML; - for stdin')
    .option('--template <name>', 'begin with a template; a wrong name lists them')
    .addHelpText(
      'after',
      examples(
        'agents create --name "My Agent" --instructions "You are helpful"',
        'agents create agent.json',
        'agents create agent.json --name "Copy" --voice leo --vad-threshold 0.6',
        'echo \'{"name": "Bot", "instructions": "Be helpful"}\' | agents create',
        'agents create --template customer-support --name "Acme Support"',
        'agents create --name Finder --tool web_search --collection collection_abc',
      ),
    )
    .action(action(create));

/** A spec that is complete, and where it came from. */
interface Ready {
  agent: Record<string, unknown>;
  place: string;
  /** What was noticed when it was read. */
  notes?: string[];
  /** What it began with. */
  template?: string | undefined;
}

async function create(context: Context, file: string | undefined, flags: Flags): Promise<undefined> {
  const { specs, many } = await collectSpecs(context, file, flags);
  await checkAll(context, specs);
  const api = await context.api();
  if (!many && specs[0] !== undefined) return createOne(context, api, specs[0]);
  await createMany(context, api, specs);
}

async function createOne(context: Context, api: Api, { agent, template }: Ready): Promise<undefined> {
  const { output } = context;
  const created = await output.during('Creating the agent', () => api.createAgent({ body: agent }));
  output.show({ agent: created }, ({ agent: shown }) => createdLine(shown));
  if (namesDate(agent)) {
    output.note(
      'note: {{today}} in its instructions becomes the date in agents voice and run; on the phone it may stay as it stands',
    );
  }
  const tools = template === undefined ? '' : ` --tools ${templatePrefix}${template}`;
  output.note(`Talk to it: ${againPrefix(context)} voice ${shellQuoted(created.agent_id)}${tools}`);
}

const createdLine = ({ name, agent_id }: Agent) => `Created ${titled(name ?? 'an agent', agent_id)}`;

async function createMany(context: Context, api: Api, specs: Ready[]): Promise<void> {
  const done: Agent[] = [];
  const failures: Failure[] = [];
  await context.output.during(`Creating ${specs.length} agents`, async () => {
    for (const [index, { agent, place }] of specs.entries()) {
      try {
        done.push(await api.createAgent({ body: agent }));
      } catch (thrown) {
        const error = asCliError(thrown);
        failures.push({ label: place, members: { index, name: agent.name }, error });
        // A key that is refused, or a Ctrl+C, is so for all.
        if (isStop(error) || error.exit === exit.notAllowed) break;
      }
    }
  });
  reportBatch(context.output, {
    member: 'agents',
    done,
    failures,
    total: specs.length,
    render: createdLine,
    participle: 'created',
    hint: 'those created stay; correct the others and create them again',
  });
}

/** All faults of all specs at once, before anything is sent. */
async function checkAll({ output }: Context, specs: Ready[]): Promise<void> {
  const { checkSpec } = await import('../spec/spec.js');
  const problems: string[] = [];
  const notes: string[] = [];
  for (const { agent, place, notes: noticed = [] } of specs) {
    try {
      notes.push(...noticed, ...checkSpec(agent, place, 'create'));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  if (problems.length > 0)
    throw new CliError('invalid_spec', problems.join('\n  '), { hint: 'nothing was sent' });
  for (const note of notes) output.note(`note: ${note}`);
}

async function collectSpecs(
  context: Context,
  file: string | undefined,
  flags: Flags,
): Promise<{ specs: Ready[]; many: boolean }> {
  const fromFlags = await readAgentFlags(context, flags);
  const template = flags.template === undefined ? undefined : await loadTemplate(context, flags.template);
  const described = template !== undefined || Object.keys(fromFlags).length > 0;
  if (file === undefined && described) {
    const agent = merge(template ?? {}, fromFlags);
    return { many: false, specs: [{ place: 'the agent', agent, template: flags.template }] };
  }
  if (file === undefined && context.io.stdin.isTTY === true) {
    return { many: false, specs: [{ place: 'the agent', ...(await askForSpec(context)) }] };
  }
  const [{ parseValues }, { readSpec }] = await Promise.all([
    import('../spec/parse.js'),
    import('../spec/spec.js'),
  ]);
  const { text, source } = await context.read(file ?? '-');
  const { values, many } = await parseValues(text, source);
  if (values.length > 1 && flags.name !== undefined) {
    throw new CliError(
      'usage',
      `${source} holds ${values.length} specs, which cannot all be called ${flags.name}`,
      {
        hint: 'leave out --name; the other flags hold for all of them',
      },
    );
  }
  const specs = values.map(({ value, place }): Ready => {
    const { agent, notes, phoneNumberId } = readSpec(value, place);
    if (phoneNumberId) notes.push(`${place}: phone_number_id is for agents update --phone-number; left out`);
    const merged = merge(template ?? {}, withoutNulls(agent), fromFlags);
    return { place, agent: merged, notes, template: flags.template };
  });
  return { specs, many };
}

/** Later members win; `voice` member by member. */
function merge(...parts: Record<string, unknown>[]): PartialAgent {
  const voices = parts.map(({ voice }) => voice).filter((voice) => typeof voice === 'object');
  const strange = parts.findLast(({ voice }) => voice !== undefined && typeof voice !== 'object')?.voice;
  const merged: Record<string, unknown> = Object.assign({}, ...parts);
  if (voices.length > 0 && strange === undefined) merged.voice = Object.assign({}, ...voices);
  return merged as PartialAgent;
}

/** A reply may carry null for what is not set. */
function withoutNulls(agent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(agent).filter(([, value]) => value !== null));
}

async function loadTemplate(context: Context, name: string): Promise<PartialAgent> {
  const { readTemplate } = await import('../spec/templates.js');
  return readTemplate(name, (file) => context.read(join(context.host.root, file))) as Promise<PartialAgent>;
}

/** The few questions that make an agent, where somebody is there to answer them. */
async function askForSpec(context: Context): Promise<Pick<Ready, 'agent' | 'template'>> {
  if (!context.canAsk) {
    throw new CliError('usage', 'nothing describes the agent', {
      hint: 'agents create --name "My Agent" --instructions "…", or a file, or a spec on stdin',
    });
  }
  const [{ createAsk }, { templates }] = await Promise.all([
    import('../terminal/ask.js'),
    import('../spec/templates.js'),
  ]);
  const ask = createAsk(context.io, context.signal, context.host.env);
  const choice = await ask.choose('Begin with', [
    { title: 'An empty agent', value: '' },
    ...templates.map(({ name, title, about }) => ({ title, value: name, description: about })),
  ]);
  const template: PartialAgent = choice === '' ? {} : await loadTemplate(context, choice);
  const name = await ask.text('Name', { required: true, initial: String(template.name ?? '') });
  const instructions = choice === '' ? await ask.text('Instructions') : '';
  const own = template.voice?.voice_id;
  const ids = typeof own === 'string' && !voices.includes(own) ? [own, ...voices] : voices;
  const voice = await ask.choose(
    'Voice',
    ids.map((id) => ({ title: id, value: id })),
    String(own),
  );
  const answers = { name, ...(instructions !== '' && { instructions }), voice: { voice_id: voice } };
  return { agent: merge(template, answers), ...(choice !== '' && { template: choice }) };
}

const voices = ['eve', 'ara', 'rex', 'sal', 'leo'];

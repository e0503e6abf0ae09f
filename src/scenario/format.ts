// What a scenario file may hold, as it is written. One schema: it checks the files, it is published as JSON Schema
// (`agents test --schema`), and its descriptions are what editors show.

import * as z from 'zod/mini';
import { Expectations } from './format-expectations.js';
import { count, listOf, oneOrMany, positive, said, table, text } from './format-parts.js';

export {
  type Call,
  ExpectationEntry,
  type ExpectationKind,
  Expectations,
  type ExpectationValue,
  expectationKinds,
  type Range,
  type Words,
} from './format-expectations.js';

const interrupt = z.optional(
  z
    .strictObject({
      after: z.optional(said('When the agent has said this.')),
      after_ms: z.optional(positive('So many milliseconds after its first word.')),
    })
    .check(z.describe('Cuts the agent off in its answer.')),
);
const expect = z.optional(Expectations.check(z.describe('What must be true of this turn.')));

/** The kinds of turns, by the key that tells them. */
export const turnKinds = {
  user: z.strictObject({ user: said('What the person says, as text.'), interrupt, expect }),
  audio: z.strictObject({
    audio: said('A WAV file; the words in the .txt beside it are for the local API, which cannot hear.'),
    interrupt,
    expect,
  }),
  dtmf: z.strictObject({
    dtmf: z
      .string()
      .check(
        z.regex(/^[0-9A-D*#]+$/),
        z.describe('Keys of a telephone, handed to the agent as the service does.'),
      ),
    interrupt,
    expect,
  }),
  silence: z.strictObject({ silence: positive('Seconds in which nobody says anything.'), expect }),
} as const;
export type TurnKind = keyof typeof turnKinds;

const UserRule = z.strictObject({
  when: z.optional(
    z
      .strictObject({
        contains: z.optional(oneOrMany.check(z.describe('The agent said one of these.'))),
        matches: z.optional(
          said('A regular expression over what the agent said; $1 to $9 stand for its groups.'),
        ),
        called: z.optional(said('The agent has called this tool in its last turn.')),
      })
      .check(z.describe('When the rule fits; without, always.')),
  ),
  say: z.optional(oneOrMany.check(z.describe('One of these, by the seed.'))),
  done: z.optional(z.boolean().check(z.describe('The person has what they wanted, and hangs up.'))),
});

export const User = z.strictObject({
  persona: z.optional(said('Who the person is, for a model that plays them.')),
  goal: said('What the person wants.'),
  opens: z.optional(said('What the person says first.')),
  most: z.optional(count('The most turns (default 10).')),
  rules: z.optional(
    listOf(UserRule).check(
      z.describe(
        'Play the person without a model: the first rule that fits; none is taken twice in a row for the same words of the agent.',
      ),
    ),
  ),
});

export const Tools = z.union([
  said('A tools file, as for --tools of agents voice; or template:<name>.'),
  z.strictObject({
    file: z.optional(said('A tools file, as for --tools of agents voice; or template:<name>.')),
    state: z.optional(table('Merged into the state of the file; null takes a member away.')),
    answers: z.optional(table('Handlers by tool, in place of those of the file.')),
    fail: z.optional(z.record(z.string(), text).check(z.describe('Tools that fail, with the reason.'))),
    slow: z.optional(
      z
        .record(z.string(), z.number().check(z.gt(0)))
        .check(z.describe('Tools that take longer, by milliseconds.')),
    ),
  }),
]);

export const Local = z.union([
  said('The script by which the local API speaks for the agent.'),
  z.strictObject({
    script: z.optional(said('The script by which the local API speaks for the agent.')),
    faults: z.optional(listOf(text).check(z.describe('Faults to rehearse, as for --fault of agents dev.'))),
  }),
]);

const program = listOf(text);
const programs = z.union([program, listOf(program)]);
const parameter = z.union([z.string(), z.number(), z.boolean()]);

/** What every scenario of a file may share; standing beside `scenarios`, it is for all of them. */
export const shared = {
  agent: z.optional(said('An id, a name, or a spec file beside this one.')),
  override: z.optional(
    z
      .strictObject({
        model: z.optional(said('Another voice model.')),
        voice: z.optional(said('Another voice.')),
        instructions: z.optional(said('Appended to its instructions.')),
        idle: z.optional(
          positive('Seconds without a word after which it asks whether somebody is there (idle_timeout_ms).'),
        ),
        today: z.optional(
          z
            .string()
            .check(
              z.regex(/^\d{4}-\d{2}-\d{2}$/),
              z.describe('The day it is, for agent, tools and local API.'),
            ),
        ),
      })
      .check(z.describe('What is other about the agent here.')),
  ),
  stored: z.optional(
    z
      .boolean()
      .check(
        z.describe('Create the agent of a spec file at the server for the test, and delete it afterwards.'),
      ),
  ),
  tools: z.optional(Tools.check(z.describe("What answers the agent's tools."))),
  local: z.optional(Local.check(z.describe('Only where the server is the local API of --local.'))),
  tags: z.optional(listOf(z.string().check(z.regex(/^[\w.-]+$/))).check(z.describe('For --tag.'))),
  timeout: z.optional(positive('Seconds a run may take (default 120).')),
  runs: z.optional(count('How often it is run (default 1).')),
  pass: z.optional(count('How many of its runs must pass (default all).')),
  retries: z.optional(
    z.int().check(z.gte(0), z.describe('How often a run that failed is tried again (default 0).')),
  ),
  setup: z.optional(programs.check(z.describe('Programs that run before, each a list of words.'))),
  teardown: z.optional(programs.check(z.describe('Programs that run afterwards, whatever happened.'))),
  ends_on: z.optional(
    oneOrMany.check(z.describe('Tools that end the conversation when called (default end_call).')),
  ),
  expect: z.optional(Expectations.check(z.describe('What must be true of the whole conversation.'))),
} as const;

/** One scenario. */
export const ScenarioEntry = z.strictObject({
  ...shared,
  name: z.optional(said('What it is called (default: the name of the file).')),
  each: z.optional(
    listOf(z.record(z.string(), parameter)).check(
      z.describe('Parameters: one case for each entry, with {{name}} filled in everywhere.'),
    ),
  ),
  turns: z.optional(
    listOf(z.union([turnKinds.user, turnKinds.audio, turnKinds.dtmf, turnKinds.silence])).check(
      z.describe('What the person does, in order.'),
    ),
  ),
  user: z.optional(User.check(z.describe('A person who is played, after the turns, until they are done.'))),
});

export const schemaMember = {
  $schema: z.optional(z.string().check(z.describe('Where an editor finds this schema.'))),
};
/** A file with several scenarios; what stands beside them is for all. */
export const ScenarioFile = z.union([
  z.strictObject({ ...schemaMember, ...ScenarioEntry.shape }),
  z.strictObject({
    ...schemaMember,
    ...shared,
    scenarios: listOf(ScenarioEntry).check(z.describe('The scenarios of this file.')),
  }),
]);

export type ScenarioEntry = z.infer<typeof ScenarioEntry>;
export type User = z.infer<typeof User>;
export type UserRule = z.infer<typeof UserRule>;

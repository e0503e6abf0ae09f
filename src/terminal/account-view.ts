// How what a key may use looks: models, voices, the key itself.

import { usdText } from '../money.js';
import { oneLine } from '../one-line.js';
import type { ApiKey, Model, VoiceEntry } from '../protocol/account.js';
import { memberRows, timeText } from './agent-view.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** `agents models`. Columns of which the service tells nothing are left out. */
export function modelTable(models: readonly Model[], style: Style): string {
  if (models.length === 0) return 'No models.';
  const columns = [
    { title: 'MODEL', value: (model: Model) => model.id },
    { title: 'ALIASES', value: (model: Model) => aliasesOf(model), shrinks: 1 },
    { title: 'OWNER', value: (model: Model) => plain(model.owned_by) },
    { title: 'CONTEXT', value: (model: Model) => plain(model.context_length) },
    { title: 'INPUT', value: (model: Model) => priceText(model.prompt_text_token_price) },
    { title: 'OUTPUT', value: (model: Model) => priceText(model.completion_text_token_price) },
  ];
  const told = columns.filter(({ value }, at) => at === 0 || models.some((model) => value(model) !== ''));
  return table(models, told, style);
}

/** `agents models <id>`: every member. */
export function modelCard(model: Model, style: Style): string {
  const { id, aliases: _aliases, ...others } = model;
  const members = Object.entries(others).map(([name, value]): [string, unknown] => {
    const price = name.endsWith('_token_price') ? priceText(value) : '';
    return [name, price === '' ? value : `${price} for a million tokens`];
  });
  const aliases = aliasesOf(model);
  const rows = memberRows(Object.fromEntries(aliases === '' ? members : [['aliases', aliases], ...members]));
  return card(id, rows, style);
}

/** `agents voices`: those of the service, then the user's own. */
export function voiceTable(voices: readonly VoiceEntry[], own: readonly VoiceEntry[], style: Style): string {
  const rows = [
    ...voices.map((voice) => ({ voice, isOwn: false })),
    ...own.map((voice) => ({ voice, isOwn: true })),
  ];
  if (rows.length === 0) return 'No voices.';
  type Row = (typeof rows)[number];
  const columns = [
    { title: 'VOICE', value: ({ voice }: Row) => voice.voice_id },
    { title: 'NAME', value: ({ voice }: Row) => plain(voice.name), shrinks: 1 },
    { title: 'LANGUAGE', value: ({ voice }: Row) => plain(voice.language) },
    { title: 'KIND', value: ({ isOwn }: Row) => (isOwn ? 'your own' : '') },
    { title: 'ABOUT', value: ({ voice }: Row) => aboutVoice(voice), shrinks: 2 },
  ];
  const told = columns.filter(({ value }, at) => at === 0 || rows.some((row) => value(row) !== ''));
  return table(rows, told, style);
}

function aboutVoice({ gender, accent, tone, description }: VoiceEntry): string {
  return [gender, accent, tone, description].map(plain).filter(Boolean).join(', ');
}

/** What is known of a key beside what the service says of it. */
export interface KeyFacts {
  /** "XAI_API_KEY", "the file key.txt (XAI_API_KEY_FILE)", "no key is needed". */
  from: string;
  /** "https://api.x.ai". */
  server: string;
  /** "enabled for this team". */
  agentsApi: string;
  /** Why it does not work. */
  problem: string | undefined;
}

const told = new Set([
  ...['redacted_api_key', 'name', 'user_id', 'team_id', 'create_time', 'acls'],
  ...['team_blocked', 'api_key_blocked', 'api_key_disabled', 'disabled'],
]);

/** `agents whoami`. */
export function keyCard(key: ApiKey, facts: KeyFacts, style: Style): string {
  const { chalk } = style;
  const others = Object.fromEntries(Object.entries(key).filter(([name]) => !told.has(name)));
  const rows: [string, string][] = [
    ['From', facts.from],
    ['Server', facts.server],
    ['Team', plain(key.team_id)],
    ['User', plain(key.user_id)],
    ['Created', plain(key.create_time) && timeText(key.create_time)],
    ['May use', rightsInWords(key.acls ?? undefined)],
    ['Agents API', facts.agentsApi],
    ['State', facts.problem === undefined ? 'in order' : chalk.red(`does not work: ${facts.problem}`)],
  ];
  const name = plain(key.redacted_api_key) || '(no key)';
  const title = plain(key.name) === '' ? name : `${name} (${plain(key.name)})`;
  return card(title, [...rows.filter(([, text]) => text !== ''), ...memberRows(others)], style);
}

/** An access list in words: "every model, every endpoint". What is written otherwise is shown as it is. */
export function rightsInWords(acls: readonly string[] | undefined): string {
  if (acls === undefined) return 'not told';
  if (acls.length === 0) return 'nothing';
  return acls
    .map((acl) => {
      const [, kind = '', name = ''] = /^api-key:(model|endpoint):(.+)$/.exec(acl) ?? [];
      if (kind === '') return oneLine(acl);
      return name === '*' ? `every ${kind}` : `the ${kind} ${name}`;
    })
    .join(', ');
}

function card(title: string, rows: readonly [string, string][], { chalk }: Style): string {
  const wide = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  const body = rows.map(([name, text]) => `  ${chalk.dim(name.padEnd(wide))}${text}`).join('\n');
  return [chalk.bold(oneLine(title)), body].filter((part) => part !== '').join('\n');
}

const aliasesOf = ({ aliases }: Model) => (Array.isArray(aliases) ? aliases.join(', ') : '');

/** Prices come as US cents for 100 million tokens, seen and in xAI's API description: the same number of ticks each. */
function priceText(price: unknown): string {
  const cents = Number(price ?? Number.NaN);
  if (price === '' || !Number.isSafeInteger(cents) || cents < 0) return '';
  return usdText(BigInt(cents) * 1_000_000n);
}

function plain(value: unknown): string {
  return value === undefined || value === null ? '' : oneLine(String(value));
}

// A handlers file with a stub for each function tool. What a tool says of itself comes from a server and ends up in code:
// it stands in comments, which it cannot leave, and in quotes.

import { oneLine } from '../../one-line.js';
import type { AgentTool } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import { cleanText } from '../../terminal/style.js';

interface Stub {
  name: string;
  about: string;
  parameters: Parameter[];
}

interface Parameter {
  name: string;
  /** As TypeScript has it: "'a' | 'b'", "{ id: string }". */
  type: string;
  required: boolean;
  about: string;
}

/** The text of an ES module, or of YAML, whose handlers fail until somebody writes them. */
export function stubs(kind: 'module' | 'yaml', tools: readonly AgentTool[], head: readonly string[]): string {
  const all = tools.map(stubOf);
  return kind === 'yaml' ? yamlText(all, head) : moduleText(all, head);
}

function moduleText(all: readonly Stub[], head: readonly string[]): string {
  // Exports of these names mean something else in a tools file, or are no names in JavaScript.
  const plain = all.every(({ name }) => isIdentifier(name) && !['state', 'mcp'].includes(name));
  const functions = all.map((stub, at) => functionText(stub, plain ? stub.name : `tool${at + 1}`, plain));
  const table = all.map(({ name }, at) => `    ${JSON.stringify(name)}: tool${at + 1},\n`).join('');
  const end = plain ? [] : [`export default {\n  tools: {\n${table}  },\n};\n`];
  const comment = head.map((line) => `// ${commentText(line)}\n`).join('');
  return [comment, phoneType, ...functions, ...end].join('\n');
}

const phoneType = `/**
 * The call that the agent is on, in agents listen.
 *
 * @typedef {{ call_id: string, from?: string, to?: string, transfer(target: string): Promise<void>, hangUp(): Promise<void> }} Phone
 */
`;

function functionText({ name, about, parameters }: Stub, as: string, exported: boolean): string {
  const type = objectType(parameters);
  const lines = [
    ...(about === '' ? [] : [about, '']),
    `@param {${type}} given`,
    ...parameters.flatMap(({ name: each, about: text }) => (text === '' ? [] : [`  ${each}: ${text}`])),
    '@param {{ call_id: string, name: string, signal: AbortSignal, log(text: string): void, phone?: Phone }} context',
  ];
  const taken = parameters.every(({ name: each }) => isIdentifier(each))
    ? `{ ${parameters.map(({ name: each }) => each).join(', ')} }`.replace('{  }', '_given')
    : 'given';
  const comment = lines.map((line) => ` * ${commentText(line)}`.trimEnd()).join('\n');
  const message = JSON.stringify(`${name} is not written yet`).replaceAll("'", "\\'");
  return `/**
${comment}
 */
${exported ? 'export ' : ''}async function ${as}(${taken}, { log }) {
  throw new Error('${message.slice(1, -1).replaceAll('\\"', '"')}');
}
`;
}

function yamlText(all: readonly Stub[], head: readonly string[]): string {
  const handlers = all.map(({ name, about, parameters }) => {
    const notes = [
      ...(about === '' ? [] : [about]),
      ...parameters.map(
        (each) =>
          `  ${each.name}${each.required ? '' : '?'}: ${each.type}${each.about === '' ? '' : ` (${each.about})`}`,
      ),
    ];
    const comment = notes.map((line) => `  # ${commentText(line)}\n`).join('');
    const key = /^[A-Za-z_][\w.-]*$/.test(name) && !yamlWords.test(name) ? name : JSON.stringify(name);
    return `${comment}  ${key}: { error: ${JSON.stringify(`${name} is not written yet`)} }\n`;
  });
  return `${head.map((line) => `# ${commentText(line)}\n`).join('')}\ntools:\n${handlers.join('\n')}`;
}

const yamlWords = /^(true|false|null|yes|no|on|off|y|n)$/i;

function stubOf(tool: AgentTool): Stub {
  const { name = '', description = '', parameters } = tool.function ?? { name: '' };
  return { name, about: wordsOf(description), parameters: parametersOf(parameters) };
}

function parametersOf(schema: unknown): Parameter[] {
  const { properties, required } = isObject(schema) ? schema : {};
  const needed: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, value]) => ({
    name,
    type: typeOf(value),
    required: needed.includes(name),
    about: isObject(value) ? wordsOf(value.description) : '',
  }));
}

const simple: Record<string, string> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A schema as a type, as far as that goes without following it anywhere. */
function typeOf(schema: unknown, depth = 0): string {
  if (!isObject(schema) || depth > 5) return 'unknown';
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type }, depth + 1)).join(' | ');
  }
  if (schema.type === 'array') return `(${typeOf(schema.items, depth + 1)})[]`.replace(/^\((\w+)\)/, '$1');
  if (schema.type === 'object') {
    const members = parametersOf(schema).map((each) => ({ ...each }));
    return members.length === 0 || depth > 3 ? 'object' : objectType(members);
  }
  return simple[String(schema.type)] ?? 'unknown';
}

function objectType(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'object';
  const members = parameters.map(({ name, type, required }) => {
    const key = isIdentifier(name) ? name : JSON.stringify(name);
    return `${key}${required ? '' : '?'}: ${type}`;
  });
  return `{ ${members.join(', ')} }`;
}

const wordsOf = (text: unknown) => (typeof text === 'string' ? oneLine(text) : '');

/** A line of a comment, which nothing in it can end. */
const commentText = (line: string) =>
  cleanText(line)
    .replaceAll(/[\n\u2028\u2029]/g, ' ')
    .replaceAll('*/', '*\\/');

const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name) && !reserved.has(name);

const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let log new null package private ' +
    'protected public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

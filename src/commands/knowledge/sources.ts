// What is to be added: files, what comes from stdin, a text. All of it is looked at before anything is sent.

import { basename } from 'node:path';
import type { Context } from '../../context.js';
import { CliError, exit, messageOf } from '../../errors.js';
import { fileSize, fingerprint, readChunks, readUnchanged } from '../../files.js';
import { knowledgeLimits } from '../../protocol/knowledge.js';
import { sizeText } from '../../terminal/progress.js';

/** Bytes to add, and what they are called. */
export interface Source {
  /** As the user named it. */
  label: string;
  /** As the document is called. */
  name: string;
  /** A media type. */
  type: string;
  size: number;
  /** In hex. */
  sha256: string;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface SourceFlags {
  text?: string;
  name?: string;
}

export interface Sources {
  sources: Source[];
  /** Those whose bytes another one has. */
  twins: { label: string; of: string }[];
  /** Those that cannot be sent, and why. */
  unread: { label: string; error: CliError }[];
}

/**
 * Everything that is named, equal bytes once. Throws CliError `usage`, or `unreadable` naming every file where none can
 * be sent.
 */
export async function readSources(
  context: Context,
  files: readonly string[],
  flags: SourceFlags,
): Promise<Sources> {
  checkNames(files, flags);
  const all: Sources = { sources: [], twins: [], unread: [] };
  for (const file of new Set(files)) {
    try {
      const measure =
        file === '-' ? await fromStdin(context, flags.name) : fromFile(file, context.path(file));
      put(all, await measure());
    } catch (error) {
      if (!(error instanceof CliError) || error.exit !== exit.usage) throw error;
      all.unread.push({ label: file, error });
    }
  }
  if (flags.text !== undefined) put(all, await fromBytes(Buffer.from(flags.text), flags.name));
  if (all.sources.length === 0) {
    const problems = all.unread.map(({ error }) => messageOf(error));
    throw new CliError('unreadable', problems.join('\n  '), { hint: 'nothing was sent' });
  }
  return all;
}

function put({ sources, twins }: Sources, source: Source): void {
  const twin = sources.find(({ sha256 }) => sha256 === source.sha256);
  if (twin === undefined) sources.push(source);
  else twins.push({ label: source.label, of: twin.label });
}

function checkNames(files: readonly string[], { text, name }: SourceFlags): void {
  const needsName = text !== undefined || files.includes('-');
  if (files.length === 0 && text === undefined) {
    throw new CliError('usage', 'nothing to add', {
      hint: 'name files, or give a text: --text "We open at nine." --name hours.txt',
    });
  }
  if (text !== undefined && files.includes('-')) {
    throw new CliError('usage', 'a text and stdin cannot both be called by --name', {
      hint: 'add one after the other',
    });
  }
  if (text?.trim() === '') throw new CliError('usage', '--text holds no text');
  if (needsName && !name?.trim()) {
    throw new CliError('usage', 'the text has no name', { hint: 'add --name, for example --name hours.txt' });
  }
  if (!needsName && name !== undefined) {
    throw new CliError('usage', '--name is for --text and stdin: files have names of their own');
  }
}

function fromFile(label: string, path: string): () => Promise<Source> {
  const size = fileSize(path, label);
  checkSize(size, label);
  return async () => {
    const sha256 = await fingerprint(readChunks(path, label));
    const name = basename(path);
    const chunks = () => readUnchanged(path, label, { size, sha256 });
    return { label, name, type: typeOf(name), size, sha256, chunks };
  };
}

async function fromStdin(context: Context, name: string | undefined): Promise<() => Promise<Source>> {
  const bytes = await context.io.readStdin(knowledgeLimits.fileBytes);
  checkSize(bytes.length, 'stdin');
  return () => fromBytes(bytes, name);
}

async function fromBytes(bytes: Buffer, given = ''): Promise<Source> {
  // What has no ending is text, and is to be taken for it.
  const name = /\.\w+$/.test(given) ? basename(given) : `${basename(given)}.txt`;
  const sha256 = await fingerprint([bytes]);
  async function* chunks() {
    yield bytes;
  }
  return { label: name, name, type: typeOf(name), size: bytes.length, sha256, chunks };
}

function checkSize(size: number, label: string): void {
  if (size === 0) throw new CliError('unreadable', `${label} is empty`);
  if (size <= knowledgeLimits.fileBytes) return;
  const most = knowledgeLimits.fileBytes / 1024 / 1024;
  throw new CliError('unreadable', `${label} has ${sizeText(size)}; a file has at most ${most} MB`);
}

const types: Record<string, string> = {
  txt: 'text/plain',
  md: 'text/markdown',
  markdown: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

const typeOf = (name: string) =>
  types[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';

/** Members of each document, from `key=value`. Throws CliError `usage`. */
export function readFields(given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((field) => {
      const at = field.indexOf('=');
      if (at > 0) return [field.slice(0, at), field.slice(at + 1)];
      throw new CliError('usage', `--field ${field}: not of the form key=value`);
    }),
  );
}

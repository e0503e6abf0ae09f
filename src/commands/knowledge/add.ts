// Adding to a collection: a file is sent first and put into the collection then, so that whatever is interrupted goes
// on where it was. Bytes that the service has are not sent again.

import { mostUploads } from '../../api/client.js';
import type { Context } from '../../context.js';
import { CliError, exit } from '../../errors.js';
import { oneLine } from '../../one-line.js';
import { type KnownDocument, statusOf } from '../../protocol/knowledge.js';
import { createProgress, type Progress, sizeText } from '../../terminal/progress.js';
import { titled } from '../../terminal/table.js';
import { asCliError, type Failure, isStop, reportBatch } from '../batch.js';
import { shellQuoted } from '../command.js';
import { allDocuments, collectionId } from './find.js';
import { readFields, readSources, type Source, type SourceFlags } from './sources.js';
import { openUploads, type Uploads } from './uploads.js';
import { documentsOf, isFinished, longestWaitMs, waitForDocuments } from './waiting.js';

interface Flags extends SourceFlags {
  field?: string[];
  /** False for `--no-wait`. */
  wait: boolean;
}

/** A run of `add`, as its steps share it. */
interface Adding {
  context: Context;
  /** As the user named the collection, and its id. */
  collection: string;
  id: string;
  fields: Record<string, string>;
  uploads: Uploads;
  progress: Progress;
}

/** A source that is in the collection, and whether it was there before. */
interface Added {
  source: Source;
  fileId: string;
  wasThere: boolean;
}

export async function add(
  context: Context,
  collection: string,
  files: string[],
  flags: Flags,
): Promise<undefined> {
  const { output } = context;
  const fields = readFields(flags.field);
  const { sources, twins, unread } = await output.during('Reading the files', () =>
    readSources(context, files, flags),
  );
  for (const { label, of } of twins) output.note(`note: ${label} holds the same bytes as ${of}: added once`);
  const id = await collectionId(context, collection);
  const there = await output.during('Fetching the documents', () => allDocuments(context, id));
  const uploads = await openUploads(context);
  const progress = createProgress(context.io, context.host.env, output.json);
  const adding: Adding = { context, collection, id, fields, uploads, progress };
  const failures: Failure[] = unread.map((each) => ({ ...each, members: { file: each.label } }));
  const total = sources.length + unread.length;
  const added: Added[] = [];
  try {
    await eachOf(sources, async (source) => {
      try {
        added.push(await addOne(adding, source, there));
        return true;
      } catch (thrown) {
        const error = asCliError(thrown);
        failures.push({ label: source.label, members: { file: source.label }, error });
        // A key that is refused, or a Ctrl+C, is so for all.
        return !isStop(error) && error.exit !== exit.notAllowed;
      }
    });
  } finally {
    progress.close();
  }
  const [failure] = failures;
  if (total === 1 && failure !== undefined) throw failure.error;
  const isStopped = failures.some(({ error }) => isStop(error));
  if (isStopped) output.note('what was sent stays: the same command goes on from there');
  const documents = isStopped ? new Map() : await settled(adding, added, flags.wait);
  report(adding, { sources, total, added, documents, failures, wait: flags.wait && !isStopped });
}

/** One after the other, a few at a time, until one says that it makes no sense to go on. */
async function eachOf(sources: readonly Source[], work: (source: Source) => Promise<boolean>): Promise<void> {
  const left = sources.values();
  let goesOn = true;
  const worker = async () => {
    for (const source of left) {
      if (!goesOn) return;
      goesOn = (await work(source)) && goesOn;
    }
  };
  await Promise.all(Array.from({ length: mostUploads }, worker));
}

async function addOne(adding: Adding, source: Source, there: readonly KnownDocument[]): Promise<Added> {
  const { uploads, context } = adding;
  const same = there.find((document) => isSame(document, source, uploads));
  if (same !== undefined) {
    noteSame(adding, source, same);
    return { source, fileId: same.file_metadata.file_id, wasThere: true };
  }
  const older = there.find(({ file_metadata }) => file_metadata.name === source.name);
  const known = uploads.find(source.sha256);
  if (known === undefined || !(await attached(adding, known))) {
    const fileId = await upload(adding, source);
    await attach(adding, fileId);
    noteOlder(adding, source, older);
    return { source, fileId, wasThere: false };
  }
  context.output.note(`${source.label} was sent before: nothing was sent again`);
  noteOlder(adding, source, older);
  return { source, fileId: known, wasThere: false };
}

/**
 * Whether a document has the bytes of a source: by its hash where the server tells one, by what this machine sent, or,
 * where neither knows it, by name and size.
 */
function isSame(document: KnownDocument, source: Source, uploads: Uploads): boolean {
  const { name, size_bytes } = document.file_metadata;
  const known = knownBytes(document, uploads);
  if (known !== undefined) return known === source.sha256;
  return name === source.name && Number(size_bytes) === source.size;
}

/** The SHA-256 of a document's bytes, where anybody knows it. */
function knownBytes(
  { file_metadata: { file_id, hash } }: KnownDocument,
  uploads: Uploads,
): string | undefined {
  return /^[0-9a-f]{64}$/i.test(hash ?? '') ? hash?.toLowerCase() : uploads.bytesOf(file_id);
}

/** What "already there" leaves open. */
function noteSame(
  { context, collection, fields, uploads }: Adding,
  source: Source,
  same: KnownDocument,
): void {
  const { file_id } = same.file_metadata;
  const again = `${context.program} knowledge remove ${shellQuoted(collection)} ${file_id}`;
  const isOther = Object.entries(fields).some(([key, value]) => same.fields?.[key] !== value);
  if (knownBytes(same, uploads) === undefined) {
    const by = 'is taken for the one that is there, by its name and size alone';
    context.output.note(`note: ${source.label} ${by}; if it has changed, take that out first: ${again}`);
  } else if (isOther) {
    context.output.note(
      `note: ${source.label} keeps the fields it has; for others take it out first: ${again}`,
    );
  }
}

function noteOlder(
  { context, collection }: Adding,
  { name }: Source,
  older: KnownDocument | undefined,
): void {
  if (older === undefined) return;
  const { file_id } = older.file_metadata;
  context.output.note(
    `note: another ${name} is in ${collection} already and stays: ` +
      `${context.program} knowledge remove ${shellQuoted(collection)} ${file_id} takes it out`,
  );
}

/** Sends the bytes, and remembers at once that they were sent. */
async function upload({ context, uploads, progress }: Adding, source: Source): Promise<string> {
  const { name, type, size, sha256, label } = source;
  const api = await context.api();
  const bar = progress.start(label, size);
  async function* chunks() {
    let sent = 0;
    bar.advance(sent);
    for await (const chunk of source.chunks()) {
      yield chunk;
      sent += chunk.length;
      bar.advance(sent);
    }
  }
  try {
    const file = await api.uploadFile({ form: { file: { name, type, size, chunks } } });
    await uploads.remember(sha256, file.id);
    bar.end(`sent ${label} (${sizeText(size)})`);
    return file.id;
  } catch (error) {
    bar.end(`not sent: ${label}`);
    throw error;
  }
}

/** Puts a file into the collection; one that is there already is no failure. */
async function attach({ context, id, fields }: Adding, file_id: string): Promise<void> {
  const api = await context.api();
  const body = Object.keys(fields).length === 0 ? {} : { fields };
  await api.addDocument({ collection_id: id, file_id, body }).catch((error: unknown) => {
    if (!(error instanceof CliError && error.code === 'conflict')) throw error;
  });
}

/** What a service answers about a file that is not there, or is another team's: the keys of two may be used in turn. */
const notOurs = ['not_found', 'forbidden', 'gone', 'refused'];

/** The same for a file that was sent in an earlier run; false when the service has it no more. */
async function attached(adding: Adding, fileId: string): Promise<boolean> {
  const api = await adding.context.api();
  try {
    await api.getFile({ file_id: fileId });
  } catch (error) {
    if (error instanceof CliError && notOurs.includes(error.code)) return false;
    throw error;
  }
  await attach(adding, fileId);
  return true;
}

function settled({ context, id }: Adding, added: readonly Added[], wait: boolean) {
  const ids = added.map(({ fileId }) => fileId);
  if (ids.length === 0) return Promise.resolve(new Map<string, KnownDocument>());
  const many = ids.length === 1 ? '1 document' : `${ids.length} documents`;
  return wait
    ? context.output.during(`Waiting until ${many} ${ids.length === 1 ? 'is' : 'are'} processed`, () =>
        waitForDocuments(context, id, ids),
      )
    : documentsOf(context, id, ids);
}

interface Outcome {
  sources: readonly Source[];
  /** Those that could not be read included. */
  total: number;
  added: readonly Added[];
  documents: ReadonlyMap<string, KnownDocument>;
  failures: Failure[];
  wait: boolean;
}

function report(adding: Adding, { sources, total, added, documents, failures, wait }: Outcome): void {
  const { context, collection } = adding;
  const done: KnownDocument[] = [];
  const there = new Map(added.flatMap((each) => (each.wasThere ? [[each.fileId, each.source]] : [])));
  // In the order they were named, however they were done.
  const inOrder = sources.flatMap((source) => added.find((each) => each.source === source) ?? []);
  for (const { source, fileId } of inOrder) {
    const document = documents.get(fileId) ?? { file_metadata: { file_id: fileId, name: source.name } };
    const error = wait ? processingError(document, collection) : undefined;
    if (error === undefined) done.push(document);
    else failures.push({ label: source.label, members: { file: source.label, file_id: fileId }, error });
  }
  const [only] = failures;
  if (total === 1 && only !== undefined) {
    const { code, message, hint } = only.error;
    throw new CliError(code, `${only.label}: ${message}`, { hint });
  }
  reportBatch(context.output, {
    member: 'documents',
    done,
    failures,
    total,
    render: ({ file_metadata: { file_id, name = file_id } }) => {
      const known = titled(name, file_id);
      const given = there.get(file_id);
      if (given === undefined) return `Added ${known}`;
      return given.name === name
        ? `Already there: ${known}`
        : `Already there: ${oneLine(given.label)}, with the same bytes as ${known}`;
    },
    participle: 'added',
    hint: 'those added stay; the same command sends only what is missing',
  });
}

/** Why a document cannot be searched; undefined when it can. */
function processingError(document: KnownDocument, collection: string): CliError | undefined {
  const called = shellQuoted(collection);
  if (statusOf(document) === 'failed') {
    const reason = document.error_message || 'the service could not process it';
    return new CliError('refused', reason, {
      hint: `agents knowledge remove ${called} ${document.file_metadata.file_id} takes it out`,
    });
  }
  if (isFinished(document)) return undefined;
  return new CliError(
    'timeout',
    `still not processed after ${longestWaitMs / 60_000} minutes without a change`,
    {
      hint: `agents knowledge show ${called} tells how far it is`,
    },
  );
}

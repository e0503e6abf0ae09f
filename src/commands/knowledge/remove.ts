// Taking documents out, and deleting collections. Files that were uploaded stay unless their deletion is asked for.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { Agent } from '../../protocol/agent.js';
import type { KnownDocument } from '../../protocol/knowledge.js';
import { titled } from '../../terminal/table.js';
import { asCliError, type Failure, isStop, reportBatch } from '../batch.js';
import { shellQuoted } from '../command.js';
import { checkYes, goesOn } from '../confirm.js';
import { allDocuments, collectionId, documentsCalled } from './find.js';

interface Flags {
  files?: boolean;
  yes?: boolean;
}

interface Removed {
  file_id: string;
  name?: string;
  file_deleted: boolean;
}

export async function remove(
  context: Context,
  given: string,
  named: string[],
  flags: Flags,
): Promise<undefined> {
  const { files = false } = flags;
  const confirmed = { yes: flags.yes, what: 'a deletion' };
  if (files) checkYes(context, confirmed);
  const id = await collectionId(context, given);
  const all = await context.output.during('Fetching the documents', () => allDocuments(context, id));
  const documents = documentsCalled(named, all, given);
  const question = `Take ${counted(documents.length, 'document')} out of ${given} and delete the files?`;
  if (files && !(await goesOn(context, question, confirmed))) {
    context.output.note('nothing was removed');
    return;
  }
  const done: Removed[] = [];
  const failures: Failure[] = [];
  for (const document of documents) {
    const { file_id, name } = document.file_metadata;
    try {
      await removeOne(context, id, document, files);
      done.push({ file_id, ...(name !== undefined && { name }), file_deleted: files });
    } catch (thrown) {
      const error = asCliError(thrown);
      if (documents.length === 1) throw error;
      failures.push({ label: name ?? file_id, members: { file_id }, error });
      if (isStop(error)) break;
    }
  }
  reportBatch(context.output, {
    member: 'removed',
    done,
    failures,
    total: documents.length,
    render: ({ name, file_id, file_deleted }) =>
      `${file_deleted ? 'Deleted' : 'Removed'} ${titled(name, file_id)}`,
    participle: 'removed',
  });
}

async function removeOne(context: Context, collection_id: string, document: KnownDocument, files: boolean) {
  const api = await context.api();
  await context.output.during('Removing the document', async () => {
    await api.removeDocument({ collection_id, file_id: document.file_metadata.file_id });
    if (files) await deleteFile(context, document);
  });
}

export async function deleteCollection(context: Context, given: string, flags: Flags): Promise<undefined> {
  const confirmed = { yes: flags.yes, what: 'a deletion' };
  checkYes(context, confirmed);
  const { output } = context;
  const id = await collectionId(context, given);
  const api = await context.api();
  const { collection, documents } = await output.during('Fetching the collection', async () => ({
    collection: await api.getCollection({ collection_id: id }),
    documents: await allDocuments(context, id),
  }));
  const title = titled(collection.collection_name, id);
  const what = `${title} with ${counted(documents.length, 'document')}`;
  const also = flags.files && documents.length > 0 ? ', and delete the files' : '';
  if (!(await goesOn(context, `Delete ${what}${also}?`, confirmed))) {
    output.note(`${given} is kept`);
    return;
  }
  const failures = await output.during('Deleting the collection', async () => {
    await api.deleteCollection({ collection_id: id });
    return flags.files ? deleteFiles(context, documents) : [];
  });
  const { collection_name } = collection;
  const deleted = {
    collection_id: id,
    ...(collection_name !== undefined && { collection_name }),
    documents_count: documents.length,
    files_deleted: flags.files === true && failures.length === 0,
  };
  await noteAgents(context, id);
  reportBatch(output, {
    member: 'deleted',
    done: [deleted],
    failures,
    total: 1 + failures.length,
    render: () => `Deleted ${what}`,
    participle: 'deleted',
    hint: 'the collection is gone; the files that are named stay with the service',
  });
  const kept = documents.length > 0 && !flags.files;
  if (kept) output.note('the uploaded files stay with the service; --files would have deleted them as well');
}

/** One page of agents is looked at: more would take longer than the deletion itself. */
const agentsLookedAt = '100';

/** Whoever searched the collection goes on doing so, and finds nothing. Where agents cannot be listed, nothing is said. */
async function noteAgents(context: Context, id: string): Promise<void> {
  const api = await context.api();
  const { agents } = await api
    .listAgents({ query: { limit: agentsLookedAt } })
    .catch(() => ({ agents: [] as Agent[] }));
  const left = agents.filter(({ collection_ids: has }) => Array.isArray(has) && has.map(String).includes(id));
  for (const { agent_id, name } of left) {
    context.output.note(
      `note: ${titled(name ?? undefined, agent_id)} still names it: ` +
        `${context.program} knowledge detach ${shellQuoted(id)} ${shellQuoted(agent_id)} ends that`,
    );
  }
}

/** Each is tried: with the collection gone, nothing but what is told here leads to those that stay. */
async function deleteFiles(context: Context, documents: readonly KnownDocument[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const document of documents) {
    const { file_id, name } = document.file_metadata;
    try {
      await deleteFile(context, document);
    } catch (thrown) {
      failures.push({ label: titled(name, file_id), members: { file_id }, error: asCliError(thrown) });
    }
  }
  return failures;
}

/** One that is gone already is no failure. */
async function deleteFile(context: Context, { file_metadata: { file_id } }: KnownDocument): Promise<void> {
  const api = await context.api();
  await api.deleteFile({ file_id }).catch((error: unknown) => {
    if (!(error instanceof CliError && error.code === 'not_found')) throw error;
  });
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

// Waiting until the service has processed documents.

import type { Context } from '../../context.js';
import { type KnownDocument, statusOf } from '../../protocol/knowledge.js';
import { allDocuments } from './find.js';

/** Small documents are done at once; then the service is asked every three seconds. */
const firstWaitsMs = [400, 1200];
const waitMs = 3000;
/** How long nothing may change. */
export const longestWaitMs = 10 * 60_000;

/**
 * The documents of these files once all are processed or have failed, or when nothing has changed for
 * `longestWaitMs`. One that the service does not list is not there.
 */
export async function waitForDocuments(
  context: Context,
  collectionId: string,
  fileIds: readonly string[],
): Promise<Map<string, KnownDocument>> {
  let unfinished = fileIds.length;
  let waitedMs = 0;
  for (let round = 0; ; round++) {
    const documents = await documentsOf(context, collectionId, fileIds);
    const left = fileIds.filter((id) => !isFinished(documents.get(id))).length;
    if (left < unfinished) waitedMs = 0;
    unfinished = left;
    if (left === 0 || waitedMs >= longestWaitMs) return documents;
    const wait = firstWaitsMs[round] ?? waitMs;
    await context.clock.sleep(wait, context.signal);
    waitedMs += wait;
  }
}

/** The documents of these files, as they are now. */
export async function documentsOf(
  context: Context,
  collectionId: string,
  fileIds: readonly string[],
): Promise<Map<string, KnownDocument>> {
  const wanted = new Set(fileIds);
  const all = await allDocuments(context, collectionId);
  return new Map(
    all.flatMap((document): [string, KnownDocument][] => {
      const { file_id } = document.file_metadata;
      return wanted.has(file_id) ? [[file_id, document]] : [];
    }),
  );
}

export function isFinished(document: KnownDocument | undefined): boolean {
  return document !== undefined && ['processed', 'failed'].includes(statusOf(document));
}

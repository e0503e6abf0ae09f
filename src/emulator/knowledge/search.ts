// The knowledge of an agent, as whoever answers for it may look into it.

import type { Local } from '../handler.js';
import type { Finding } from '../reply.js';
import { fullTextQuery, isQuestion } from './words.js';

/** As many passages as a model is given. */
const mostFindings = 4;

/** The passages of these collections that fit what was said; none for what asks for nothing. */
export function findPassages(
  { store, world }: Pick<Local, 'store' | 'world'>,
  collectionIds: readonly string[],
  said: string,
): Finding[] {
  const query = isQuestion(said) ? fullTextQuery(said) : undefined;
  if (query === undefined) return [];
  const found = store.knowledge.search(query, collectionIds, mostFindings, world.nowMs());
  return found.map(({ passage, document }) => {
    const { name } = document.file_metadata as { name?: string };
    return { source: name ?? 'a document', passage };
  });
}

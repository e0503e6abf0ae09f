// Lists that come in pages, followed to their end.

interface Page<T> {
  entries: readonly T[];
  /** The token of the next page; undefined on the last. */
  next: string | undefined;
}

const pageSize = 100;

/**
 * Entries of all pages, at most `limit` of those that `keep` keeps. A token that repeats would go in circles: it is the
 * end.
 */
export async function collectPages<T>(
  fetchPage: (query: Record<string, string>) => Promise<Page<T>>,
  limit = Number.POSITIVE_INFINITY,
  keep?: (entry: T) => boolean,
): Promise<T[]> {
  const seen = new Set<string>();
  const kept: T[] = [];
  let token: string | undefined;
  do {
    const wanted = keep === undefined ? Math.min(pageSize, limit - kept.length) : pageSize;
    const query = { limit: String(wanted), ...(token !== undefined && { pagination_token: token }) };
    const { entries, next } = await fetchPage(query);
    kept.push(...(keep === undefined ? entries : entries.filter(keep)));
    token = next !== undefined && !seen.has(next) ? next : undefined;
    if (token !== undefined) seen.add(token);
  } while (token !== undefined && kept.length < limit);
  return kept.slice(0, limit);
}

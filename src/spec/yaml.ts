// YAML, loaded when there is some. By way of this file: a bundled CommonJS package has no names to import at run time.

import { Document, LineCounter, parseAllDocuments, visit } from 'yaml';

/** Why a text is no YAML, with the place where that is known. */
export class YamlFault extends Error {}

/**
 * The values of all documents that hold something. Throws YamlFault; RangeError for nesting the parser cannot take.
 */
export function readYaml(text: string): unknown[] {
  const lines = new LineCounter();
  // Keys that are no text would become some, with a warning of the runtime's.
  const documents = [...parseAllDocuments(text, { lineCounter: lines, stringKeys: true, intAsBigInt: true })];
  for (const document of documents) checkDocument(document, lines);
  return documents
    .map((document) => document.toJS({ maxAliasCount: 100 }) as unknown)
    .filter((value) => value !== null);
}

function checkDocument(document: ReturnType<typeof parseAllDocuments>[number], lines: LineCounter): void {
  if (!(document instanceof Document)) return;
  const [problem] = document.errors;
  if (problem !== undefined) {
    // The parser catches its own exhaustion.
    if (problem.message.includes('Maximum call stack')) throw new RangeError(problem.message);
    const reason = problem.message.split(/ at line|\n/)[0] ?? '';
    throw new YamlFault(place(problem.linePos?.[0], reason));
  }
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      throw new YamlFault(place(lines.linePos(alias.range?.[0] ?? 0), `no anchor is called ${alias.source}`));
    },
  });
}

function place(at: { line: number; col: number } | undefined, reason: string): string {
  return at === undefined ? reason : `line ${at.line}, column ${at.col}: ${reason}`;
}

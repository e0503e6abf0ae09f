// A map that grows without being copied. It is a value: a change makes another one, and whoever has the old one sees
// what it saw. They share one log for as long as each follows the last; only one that is changed twice is copied.

interface Entry<V> {
  readonly key: string;
  readonly at: number;
  /** Undefined for what was taken away. */
  readonly held: { readonly value: V } | undefined;
  /** What stood under the key before. */
  readonly before: Entry<V> | undefined;
}

interface Log<V> {
  readonly entries: Entry<V>[];
  readonly latest: Map<string, Entry<V>>;
}

export class Growing<V> {
  readonly #log: Log<V>;
  /** So much of the log is this map's. */
  readonly #length: number;

  private constructor(log: Log<V>, length: number) {
    this.#log = log;
    this.#length = length;
  }

  static of<V>(...entries: readonly (readonly [string, V])[]): Growing<V> {
    const log: Log<V> = { entries: [], latest: new Map() };
    for (const [key, value] of entries) append(log, key, { value });
    return new Growing(log, log.entries.length);
  }

  /** With a value under a key, as the newest; what stood there before is gone. */
  set(key: string, value: V): Growing<V> {
    return this.#with(key, { value });
  }

  delete(key: string): Growing<V> {
    return this.has(key) ? this.#with(key, undefined) : this;
  }

  has(key: string): boolean {
    return this.#find(key)?.held !== undefined;
  }

  get(key: string): V | undefined {
    return this.#find(key)?.held?.value;
  }

  /** Oldest first. */
  *entries(): Generator<[string, V]> {
    for (let at = 0; at < this.#length; at++) {
      const entry = this.#log.entries[at] as Entry<V>;
      if (entry.held !== undefined && this.#find(entry.key) === entry) yield [entry.key, entry.held.value];
    }
  }

  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  #with(key: string, held: Entry<V>['held']): Growing<V> {
    const isNewest = this.#log.entries.length === this.#length;
    const log = isNewest ? this.#log : copyOf(this.#log, this.#length);
    append(log, key, held);
    return new Growing(log, this.#length + 1);
  }

  #find(key: string): Entry<V> | undefined {
    let entry = this.#log.latest.get(key);
    while (entry !== undefined && entry.at >= this.#length) entry = entry.before;
    return entry;
  }
}

function append<V>({ entries, latest }: Log<V>, key: string, held: Entry<V>['held']): void {
  const entry = { key, at: entries.length, held, before: latest.get(key) };
  entries.push(entry);
  latest.set(key, entry);
}

function copyOf<V>({ entries }: Log<V>, length: number): Log<V> {
  const log: Log<V> = { entries: [], latest: new Map() };
  for (const { key, held } of entries.slice(0, length)) append(log, key, held);
  return log;
}

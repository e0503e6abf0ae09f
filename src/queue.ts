// An async iterable fed from outside. A leaf: it imports nothing.

/** Loses nothing that was pushed before reading began; `end` and `fail` come after what is still queued. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  push(item: T): void {
    if (this.#ended) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    if (this.#ended) return;
    this.#error = error;
    this.end();
  }

  /** For one reader. By hand: a generator would take three turns of the microtask queue for each item. */
  [Symbol.asyncIterator](): AsyncIterator<T, void, undefined> {
    return {
      next: () => (this.#items.length > 0 ? Promise.resolve(this.#first()) : this.#later()),
      return: async () => ({ value: undefined, done: true }),
    };
  }

  #first(): IteratorResult<T, void> {
    return { value: this.#items.shift() as T, done: false };
  }

  async #later(): Promise<IteratorResult<T, void>> {
    while (this.#items.length === 0) {
      if (this.#ended) return this.#end();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#first();
  }

  #end(): IteratorResult<T, void> {
    const error = this.#error;
    // Told once, as a generator would.
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { value: undefined, done: true };
  }
}

// What takes long and is the same for all who ask: made for the first of them. A leaf.

/** Values by name; what could not be made is made anew for the next who asks. */
export class Once<T> {
  readonly #made = new Map<string, Promise<T>>();

  /** The value of that name, being made perhaps. Rejects as `make` does. */
  get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    made.catch(() => {
      if (this.#made.get(name) === made) this.#made.delete(name);
    });
    return made;
  }

  /** Those that were made, or are being made. */
  all(): Promise<T>[] {
    return [...this.#made.values()];
  }

  forget(name: string): void {
    this.#made.delete(name);
  }
}

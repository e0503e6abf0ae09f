// How a run is told to stop. A leaf: main turns signals into `raise`, everything else watches `signal`.

import { CliError } from './errors.js';

/** Why a run was told to stop. */
export type StopReason = 'interrupted' | 'terminated' | 'pipe-closed';

/** The reader of stdout is gone: nothing is wrong, there is only nobody left to write for. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}

export class Interrupts {
  readonly #controller = new AbortController();
  readonly #captures: (() => void)[] = [];
  readonly #leavers = new Set<() => void>();
  #isLeaving = false;

  /** Aborts with what the run ends with: a CliError, or PipeClosed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the run is over already, but for what it puts in order: whoever asks again means at once. */
  get isLeaving(): boolean {
    return this.#isLeaving || this.signal.aborted;
  }

  /** A run that ends because it was asked to, without being stopped. */
  startLeaving(): void {
    this.#isLeaving = true;
  }

  /** A Ctrl+C goes to the newest capture alone, where there is one; anything else stops the run. */
  raise(reason: StopReason): void {
    const capture = this.#captures.at(-1);
    if (reason === 'interrupted' && capture !== undefined && !this.signal.aborted) return capture();
    if (reason === 'pipe-closed') return this.stop(new PipeClosed('stdout is closed'));
    this.stop(new CliError(reason, reason));
  }

  stop(error: Error): void {
    this.#controller.abort(error);
  }

  /** Has something done, at once, when the process leaves without waiting; until the function returned is called. */
  onLeave(last: () => void): () => void {
    this.#leavers.add(last);
    return () => void this.#leavers.delete(last);
  }

  /** The process is about to leave. */
  leave(): void {
    for (const last of this.#leavers) last();
  }

  /** Takes Ctrl+C for itself until the function returned is called. */
  capture(handler: () => void): () => void {
    this.#captures.push(handler);
    return () => {
      const at = this.#captures.indexOf(handler);
      if (at >= 0) this.#captures.splice(at, 1);
    };
  }
}

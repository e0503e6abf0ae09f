// Being stopped by a shell (Ctrl+Z) and going on (fg), the terminal given back in between. A leaf.

/** Somebody who has changed the ways of the terminal. */
export interface TerminalHolder {
  /** Before the run is stopped, and before it ends at once. */
  giveBack(): void;
  /** When it goes on. */
  takeAgain(): void;
}

/** What a process can do about being stopped. */
export interface JobSignals {
  on(signal: 'SIGTSTP' | 'SIGCONT', handler: () => void): unknown;
  off(signal: 'SIGTSTP' | 'SIGCONT', handler: () => void): unknown;
  /** Stops this process, or all of the job it is part of, as Ctrl+Z does outside raw mode. */
  stop(what: 'process' | 'job'): void;
  /** Calls `fire` once, unless the function returned is called before. */
  after(ms: number, fire: () => void): () => void;
}

/** A job that no shell waits for cannot be stopped: nothing comes after the signal. */
const stopGraceMs = 50;

export class JobControl {
  readonly #signals: JobSignals;
  readonly #holders = new Set<TerminalHolder>();
  #giveUp: (() => void) | undefined;

  constructor(signals: JobSignals) {
    this.#signals = signals;
  }

  /** From now on asked to give the terminal back and take it again, until the function returned is called. */
  hold(holder: TerminalHolder): () => void {
    if (this.#holders.size === 0) {
      this.#signals.on('SIGTSTP', this.#onStop);
      this.#signals.on('SIGCONT', this.#onContinue);
    }
    this.#holders.add(holder);
    return () => {
      if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
      this.#giveUp?.();
      this.#signals.off('SIGTSTP', this.#onStop);
      this.#signals.off('SIGCONT', this.#onContinue);
    };
  }

  /** Ctrl+Z, which comes as a key in raw mode: stops the whole job. */
  stop(): void {
    this.#stop('job');
  }

  /** Before a run that ends at once. */
  giveBack(): void {
    for (const holder of this.#holders) holder.giveBack();
  }

  readonly #onStop = () => this.#stop('process');

  #stop(what: 'process' | 'job'): void {
    this.giveBack();
    // Without a listener the signal does what it is for.
    this.#signals.off('SIGTSTP', this.#onStop);
    this.#signals.stop(what);
    // Twice: after a stop the first is due at once, along with the signal to go on.
    this.#giveUp = this.#signals.after(stopGraceMs, () => {
      this.#giveUp = this.#signals.after(stopGraceMs, this.#onContinue);
    });
  }

  readonly #onContinue = () => {
    this.#giveUp?.();
    this.#giveUp = undefined;
    this.#signals.off('SIGTSTP', this.#onStop);
    this.#signals.on('SIGTSTP', this.#onStop);
    for (const holder of this.#holders) holder.takeAgain();
  };
}

// Ctrl+C in a call: once hangs up and waits for the end, twice leaves.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';

export interface HangUp {
  press(): void;
  /** Whether it was asked for. */
  isPressed(): boolean;
  /** Throws CliError `interrupted` when it was. */
  throwIfPressed(): void;
  release(): void;
}

export function createHangUp({ host, output }: Context, hangUp: () => void): HangUp {
  const { interrupts } = host;
  let pressed = false;
  const press = () => {
    if (pressed) return interrupts.stop(new CliError('interrupted', 'interrupted'));
    pressed = true;
    output.note('Hanging up; Ctrl+C again leaves at once.');
    hangUp();
  };
  return {
    press,
    isPressed: () => pressed,
    throwIfPressed: () => {
      if (pressed) throw new CliError('interrupted', 'interrupted');
    },
    release: interrupts.capture(press),
  };
}

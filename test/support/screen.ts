// What a terminal shows after all that was written to it.

import { Terminal } from '@xterm/headless';

/** The lines of the screen and what scrolled off it, without trailing blanks. */
export async function renderScreen(written: string, columns = 80): Promise<string> {
  const terminal = new Terminal({ cols: columns, rows: 24, scrollback: 10_000, allowProposedApi: true });
  // A terminal driver turns line breaks into returns as well.
  await new Promise<void>((resolve) => terminal.write(written.replace(/\r?\n/g, '\r\n'), resolve));
  const { active } = terminal.buffer;
  const lines = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? '',
  );
  terminal.dispose();
  return lines.join('\n').trimEnd();
}

// Server-sent events of a streamed answer, by eventsource-parser.

import { createParser } from 'eventsource-parser';

/** The data of each event, in order. */
export async function* readServerSentEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const ready: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => ready.push(data) });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    while (ready.length > 0) yield ready.shift() as string;
  }
  // An event whose closing blank line never came: the connection's end ends it too.
  parser.feed(`${decoder.decode()}\n\n`);
  yield* ready;
}

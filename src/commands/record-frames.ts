// A context whose lines are recorded: what `--record` and the recordings of tests have in common.

import { type Context, userAgent } from '../context.js';
import type { AgentConfig } from '../protocol/agent.js';
import { createRecorder, type RecorderOptions } from '../recording/recorder.js';
import { realtimeUrl } from '../session/transport.js';

export interface RecordedLines {
  /** The context to connect with. */
  context: Context;
  /** Whether nothing passed. */
  isEmpty(): Promise<boolean>;
}

/** Records all that passes over lines opened by the context returned; `agent` is asked when the first is open. */
export function recordFrames(
  given: Context,
  { agent, ...options }: Pick<RecorderOptions, 'write' | 'onFailure'> & { agent(): AgentConfig | undefined },
): RecordedLines {
  let recorder: Promise<ReturnType<typeof createRecorder>> | undefined;

  async function begin(query: Record<string, string>) {
    const { baseUrl, key } = await given.server();
    const { showNumbers } = given.settings;
    const created = createRecorder({ ...options, nowMs: given.clock.nowMs, key, showNumbers });
    const spec = agent();
    created.begin({
      product: userAgent(given.host),
      started_at: new Date(given.clock.now()).toISOString(),
      url: bareUrl(realtimeUrl(baseUrl, query)),
      ...(query.model !== undefined && { model: query.model }),
      ...(spec !== undefined && { agent: spec }),
    });
    return created;
  }

  const context: Context = Object.create(given, {
    connect: {
      value: async (query: Record<string, string>) => {
        const { baseUrl } = await given.server();
        const transport = await given.connect(query);
        recorder ??= begin(query);
        return (await recorder).record(transport, bareUrl(realtimeUrl(baseUrl, query)));
      },
    },
  });
  return {
    context,
    isEmpty: async () => (await recorder?.catch(() => undefined))?.isEmpty() !== false,
  };
}

/** Without a user's name and password. */
function bareUrl(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

// What a handler is: a plain function from a call to a reply. The table of them is complete or does not compile.

import type { PathParams, RouteBody, RouteName, Routes } from '../protocol/routes.js';
import type { Calls } from './calls/calls.js';
import type { Realtime } from './realtime/shared.js';
import type { World } from './realtime/state.js';
import type { ReplyMaker } from './reply.js';
import type { Store } from './store/store.js';

/** What the local API is made of, for those who answer. */
export interface Local {
  store: Store;
  maker: ReplyMaker;
  world: World;
  /** Between two words of an answer, in ms. */
  wordDelayMs: number;
  sleep(ms: number): Promise<void>;
  /** Calls `fire` once unless the function returned is called before. */
  after(ms: number, fire: () => void): () => void;
  /** What realtime sessions share. */
  realtime: Realtime;
  calls: Calls;
}

export interface Call<N extends RouteName> {
  params: PathParams<Routes[N]['path']>;
  query: Record<string, string | undefined>;
  body: RouteBody<N>;
  /** The body as it came. */
  text: string;
  /** That of a route which takes a file. */
  form?: FormData | undefined;
  /** Which stored agent the client says this is about (`agentHeader`). */
  readonly agentId: string | undefined;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

export type Reply =
  | { status?: 200 | 201 | 204; json: unknown }
  | { bytes: Uint8Array; type: string }
  /** Server-sent events: the data of each. */
  | { events: AsyncIterable<string> };

export type Handlers = {
  [N in RouteName]: (call: Call<N>, local: Local) => Reply | Promise<Reply>;
};

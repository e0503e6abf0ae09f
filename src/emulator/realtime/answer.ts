// Who answers what: a response is begun, and a maker wanted for it.

import type { FunctionDefinition } from '../../protocol/agent.js';
import { normaliseTool } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import { knowledgeLimits } from '../../protocol/knowledge.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { Item } from '../reply.js';
import { type Asked, startActive } from './active.js';
import { Growing } from './growing.js';
import type { Peer, PeerStep, World } from './state.js';

/** Begins a response to what was said, or to silence. There must be none under way. */
export function respond(before: Peer, world: World, asked: Asked = {}): PeerStep {
  const { owed: _paid, ...peer } = before;
  const isUnclear = peer.freshWords && peer.unclear;
  const silence = asked.isCheckIn ? 'idle' : isUnclear ? 'unclear' : undefined;
  const results = resultsToAnswer(peer, asked);
  const heard = {
    instructions: asked.instructions ?? peer.config.instructions ?? '',
    tools: functionsOf(peer.config),
    turn: peer.turn,
    said: asked.isCheckIn ? '' : peer.said,
    results: [...results.values()],
    history: historyOf(peer),
    ...(silence !== undefined && { silence: silence as 'idle' | 'unclear' }),
  };
  const started = startActive(
    {
      ...peer,
      results: Growing.of(),
      answered: asked.isCheckIn ? peer.answered : results,
      freshWords: false,
      saidMs: 0,
    },
    { metadata: asked.metadata, said: peer.freshWords ? peer.said : '', saidMs: peer.saidMs },
    world,
  );
  const collections = collectionsOf(peer.config);
  return { ...started, wanted: { responseId: started.peer.active?.id ?? '', heard, collections } };
}

/** Those of the tools that search files: agents store them beside, sessions name them in the tool. */
function collectionsOf({ tools }: SessionUpdate): string[] {
  const searching = (tools ?? []).map(normaliseTool).filter(isObject);
  const ids = searching.flatMap(({ type, vector_store_ids: own }) =>
    type === 'file_search' && Array.isArray(own) ? own.map(String) : [],
  );
  return [...new Set(ids)].slice(0, knowledgeLimits.searched);
}

/** Those that are new; asked again without anything new, the last: a model sees them in the conversation too. */
function resultsToAnswer({ results, answered, freshWords }: Peer, { isCheckIn }: Asked): Peer['results'] {
  const isNew = freshWords || !results.values().next().done;
  return isNew || isCheckIn ? results : answered;
}

/** Looked up by whoever wants it: most makers do not. */
function historyOf({ items }: Peer): Iterable<Item> {
  return {
    *[Symbol.iterator]() {
      for (const item of items.values()) if (item !== undefined) yield item;
    },
  };
}

/** Nobody is speaking, and all words are known. */
const isFree = ({ active, listening, ear }: Peer) =>
  active === undefined && listening.length === 0 && ear.turn === undefined;

/** The same, once it is quiet. */
export function respondWhenFree(peer: Peer, world: World, asked: Asked = {}): PeerStep {
  return isFree(peer) ? respond(peer, world, asked) : { peer: { ...peer, owed: asked }, send: [] };
}

/** Begins what waited for that. */
export function respondIfOwed(peer: Peer, world: World): PeerStep {
  return peer.owed !== undefined && isFree(peer) ? respond(peer, world, peer.owed) : { peer, send: [] };
}

function functionsOf(config: SessionUpdate): FunctionDefinition[] {
  return (config.tools ?? []).flatMap((tool) => {
    const nested = normaliseTool(tool);
    return isObject(nested) && isObject(nested.function) ? [nested.function as FunctionDefinition] : [];
  });
}

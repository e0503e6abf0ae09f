// A conversation in which everything happens at any moment, by a seed: the same seed gives the same conversation.
// And what is wrong with it, told by the rules of the protocol alone.

import { createChance } from '../../src/chance.js';
import { createFaults, type Rehearsal } from '../../src/emulator/faults/plan.js';
import { type FaultName, faultNames, faultTable, type Place } from '../../src/emulator/faults/table.js';
import type { ReplyMaker } from '../../src/emulator/reply.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import { awaiting, expectsResult, isIdle, isUnderWay } from '../../src/session/state.js';
import { createLine, type Keeping, type Line } from './resuming.js';

const moves = 32;
/** More than any conversation needs to come to rest; one that needs more hangs. */
const mostRounds = 200;

const audio = {
  input: { format: { type: 'audio/pcm' as const, rate: 8000 as const } },
  output: { format: { type: 'audio/pcm' as const, rate: 8000 as const } },
};
const tools = [
  { type: 'function' as const, name: 'look_up', parameters: { type: 'object', properties: {} } },
];
const setup: SessionUpdate = { instructions: 'Be brief.', turn_detection: null, tools, audio };

const call = { call: { name: 'look_up', arguments: { place: 'Paris' } } };
const wantedIn = (said: string) => Number(/(\d) tools/.exec(said)?.[1] ?? 0);
/** Asks for as many tools as it is told to; a result may lead to one more. */
const maker: ReplyMaker = {
  *reply({ said, results }) {
    if (results.some(({ output }) => output === 'ask again')) return yield call;
    if (results.length > 0) return yield { say: 'It is foggy.' };
    const wanted = wantedIn(said);
    if (wanted !== 1) yield { say: 'Let me see.' };
    for (let made = 0; made < wanted; made++) yield call;
  },
};

const outputs = ['{"weather":"sunny"}', '{"error":"the tool failed"}', 'not { json', '', 'ask again'];

const onLine: readonly Place[] = [
  'connect',
  'configure',
  'reply',
  'word',
  'event',
  'cancel',
  'result',
  'transcript',
];
const socketFaults = faultNames.filter((name) => faultTable[name].at.some((place) => onLine.includes(place)));

type Dice = () => number;
const oneOf = <T>(dice: Dice, values: readonly T[]): T => values[Math.floor(dice() * values.length)] as T;

function rehearsed(dice: Dice): Rehearsal[] {
  const many = Math.max(0, Math.floor(dice() * 6) - 2);
  return Array.from({ length: many }, () => ({
    name: oneOf(dice, socketFaults),
    often: { kind: 'chance', of: oneOf(dice, [0.05, 0.2, 0.5]) },
  }));
}

const services: readonly Keeping[] = (['forgets it', 'keeps the part', 'finishes it'] as const).flatMap(
  (torn) => [
    { keeps: true, torn, repeats: 'all' },
    { keeps: false, torn, repeats: 'all' },
  ],
);

export interface Told {
  line: Line;
  faults: readonly FaultName[];
  said: string[];
  /** How often the client gave up waiting although what it waited for was on its way: two answers may cross then. */
  hurried: number;
  isHanging: boolean;
  /** Results nobody waited for that were taken all the same. */
  taken: number;
}

/** A person, tools, a line and a service that each do something at any moment. */
export function randomSession(seed: number): Told {
  const dice = createChance(seed, 'moves');
  const rehearsals = rehearsed(dice);
  const isPatient = dice() < 0.7;
  const cutting = oneOf(dice, [0, 0, 0.02, 0.05]);
  const line = createLine(setup, maker, oneOf(dice, services), createFaults(rehearsals, seed));
  const told: Told = {
    line,
    faults: rehearsals.map(({ name }) => name),
    said: [],
    hurried: 0,
    isHanging: false,
    taken: 0,
  };
  /** Calls whose tool never comes back. */
  const stuck = new Set<string>();
  const isOver = () => line.session.phase === 'closed';

  function say(): void {
    const text = `${told.said.length}: ${Math.floor(dice() * 4)} tools`;
    told.said.push(text);
    line.input({ type: 'say', text });
  }

  function hurry(): void {
    if (isPatient) line.settle();
    else told.hurried++;
    if (awaiting(line.session) !== undefined) line.late();
  }

  /** One tool comes back, in any order, or will never. */
  function work(): void {
    const callId = oneOf(dice, calls(line));
    if (callId === undefined) return;
    if (!expectsResult(line.session, callId)) return tooLate(callId);
    if (stuck.has(callId)) return;
    if (dice() < 0.1) stuck.add(callId);
    else line.input({ type: 'tool_result', call_id: callId, output: oneOf(dice, outputs) });
  }

  function tooLate(callId: string): void {
    try {
      line.input({ type: 'tool_result', call_id: callId, output: 'late' });
      told.taken++;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  function speakOn(): boolean {
    const { sending } = line.session;
    if (sending === undefined || line.session.phase !== 'open') return false;
    if (sending.ms < 200) line.input({ type: 'audio', audio: silence, ms: 100 });
    else line.input({ type: 'audio_end' });
    return true;
  }

  for (let move = 0; move < moves && !isOver(); move++) {
    const roll = dice();
    if (dice() < cutting) line.cut();
    else if (roll < 0.5) {
      // Nothing is nearer than the other: frames cross, words come while results are on their way.
      for (let steps = Math.ceil(dice() * 6); steps > 0; steps--)
        line.move(oneOf(dice, ['up', 'down', 'down', 'speak'])) || speakOn();
    } else if (roll < 0.6) say();
    else if (roll < 0.63) line.input({ type: 'speak', clip: move });
    else if (roll < 0.69 && isUnderWay(line.session)) line.input({ type: 'interrupt' });
    else if (roll < 0.71 && awaiting(line.session) !== undefined) hurry();
    else if (roll < 0.73) line.input({ type: 'change', setup, what: 'nothing' });
    else if (roll < 0.8) line.settle();
    else work();
  }

  for (let round = 0; !isOver(); round++) {
    line.settle();
    if (isIdle(line.session)) break;
    if (round === mostRounds) {
      told.isHanging = true;
      break;
    }
    const open = calls(line).find((id) => expectsResult(line.session, id));
    if (speakOn()) continue;
    if (open !== undefined && !stuck.has(open))
      line.input({ type: 'tool_result', call_id: open, output: oneOf(dice, outputs) });
    else if (awaiting(line.session) !== undefined) line.late();
    // Nothing else ends a tool that never comes back.
    else if (open !== undefined) line.input({ type: 'interrupt' });
  }
  return told;
}

/** 100 ms of it. */
const silence = Buffer.alloc(1600).toString('base64');

const calls = ({ notices }: Line) =>
  notices.flatMap((notice) => (notice.type === 'tool_call' ? [notice.call_id] : []));

const twice = (ids: readonly unknown[]) => ids.filter((id, at) => ids.indexOf(id) !== at);

interface ItemOf {
  type: string;
  role?: string;
  call_id?: string;
  content?: { text?: string }[];
}

const itemsOf = (events: readonly Record<string, unknown>[]) =>
  events.flatMap(({ item }) => (item ? [item as ItemOf] : []));
const answered = (items: readonly ItemOf[]) =>
  items.flatMap(({ type, call_id }) => (type === 'function_call_output' ? [call_id] : []));
const wordsOf = (items: readonly ItemOf[]) =>
  items.flatMap(({ role, content }) =>
    role === 'user' ? [(content ?? []).map(({ text }) => text ?? '').join('')] : [],
  );

/** Tools are called as often as the words ask for, and once more for each result that asks: never because a line dropped. */
function calledAgain({ notices }: Line): string[] {
  return notices.flatMap((each) => {
    if (each.type !== 'user') return [];
    const ofTurn = notices.filter((other) => 'turn' in other && other.turn === each.turn);
    const made = ofTurn.filter(({ type }) => type === 'tool_call').length;
    const again = ofTurn.filter(
      (other) => other.type === 'tool_result' && other.output === 'ask again',
    ).length;
    const most = wantedIn(each.text) + again;
    return made > most ? [`turn ${each.turn} calls ${made} times, not ${most}`] : [];
  });
}

/** All that is wrong with a conversation; nothing when every rule held. */
export function problemsOf({ line, faults, said, hurried, isHanging, taken }: Told): string[] {
  const { session, notices, served, sent, lost } = line;
  const isOpen = session.phase !== 'closed';
  const held = line.items() as unknown as ItemOf[];
  const ended = notices.flatMap((notice) => (notice.type === 'turn_done' ? [notice.turn] : []));
  const codes = served.flatMap(({ type, error }) =>
    type === 'error' ? [(error as { code: string }).code] : [],
  );
  const known = [...answered(held), ...answered(itemsOf(lost))];
  const heard = wordsOf(held);
  // Events out of order hide that an answer has begun.
  const mayCross = hurried > 0 || faults.includes('out-of-order-events');
  const active = codes.filter((code) => code === 'conversation_already_has_active_response').length;
  const told = notices.flatMap((notice) => (notice.type === 'user' ? [notice.text] : []));
  return [
    ...(isHanging ? [`it hangs: ${session.phase}, it awaits ${awaiting(session)}`] : []),
    ...(taken > 0 ? ['a result nobody waited for was taken'] : []),
    // A cancellation may cross the end of an answer: harmless, and meant to be.
    ...codes
      .filter(
        (code) => !['response_cancel_not_active', 'conversation_already_has_active_response'].includes(code),
      )
      .map((code) => `the service objects: ${code}`),
    ...(active > 0 && !mayCross ? ['two responses at once'] : []),
    ...twice(calls(line)).map((id) => `${id} is called twice`),
    ...(mayCross ? [] : calledAgain(line)),
    ...sent.flatMap((events) => twice(answered(itemsOf(events)))).map((id) => `${id} is answered twice`),
    ...calls(line)
      .filter((id) => isOpen && !known.includes(id))
      .map((id) => `${id} is not answered`),
    ...twice(heard.filter((text) => text !== '')).map((text) => `"${text}" is heard twice`),
    ...said.filter((text) => isOpen && !heard.includes(text)).map((text) => `"${text}" is not heard`),
    ...twice(told).map((text) => `"${text}" is told twice`),
    ...Array.from({ length: session.turns }, (_, at) => at + 1)
      .filter((turn) => ended.filter((each) => each === turn).length !== 1)
      .map((turn) => `turn ${turn} ends ${ended.filter((each) => each === turn).length} times`),
  ];
}

// A recorded conversation as turns: what the person said or did, and what the agent made of it. Gathered from notices,
// which tell words spoken aloud before, while and after they are answered.

import type { Notice, NoticeOf, TurnStatus } from '../session/notice.js';

export type Input =
  | { kind: 'typed'; text: string }
  /** `text` is "" for what nobody made out. */
  | { kind: 'spoken'; text: string; final: boolean; item: string | undefined }
  | { kind: 'keys'; text: string };

export interface RecordedCall {
  name: string;
  arguments: unknown;
  /** As the agent was told it; undefined where no result came. */
  output?: string;
  /** All the agent said in the turn after the result. */
  saidAfter: string;
}

export interface RecordedTurn {
  /** In order; none where the agent spoke by itself. */
  inputs: Input[];
  /** All the agent said. */
  answer: string;
  calls: RecordedCall[];
  /** What had been said when the person cut in; undefined where nobody did. */
  heard?: string;
  /** Undefined where the recording ends before the answer does. */
  status?: TurnStatus;
}

export interface RecordedTalk {
  turns: RecordedTurn[];
  /** Whether it takes up an earlier conversation. */
  isContinued: boolean;
  /** Whether a new conversation follows, which is left out. */
  isCleared: boolean;
}

/** The turns of a conversation, up to where another begins. */
export async function gatherTalk(notices: AsyncIterable<Notice> | Iterable<Notice>): Promise<RecordedTalk> {
  const gatherer = new Gatherer();
  for await (const notice of notices) gatherer.add(notice);
  return gatherer.talk();
}

interface Open {
  inputs: Input[];
  pieces: { responseId: string | undefined; text: string }[];
  calls: { id: string; name: string; arguments: unknown; output?: string; piecesBefore: number }[];
  heard?: string;
  status?: TurnStatus;
  isUnasked?: boolean;
}

class Gatherer {
  readonly #turns = new Map<number, Open>();
  /** What the person did that no answer has begun to. */
  #waiting: Input[] = [];
  #isContinued = false;
  #isCleared = false;

  add(notice: Notice): void {
    if (this.#isCleared) return;
    switch (notice.type) {
      case 'history':
        this.#isContinued = true;
        return;
      case 'cleared':
        this.#isCleared = true;
        return;
      case 'user':
        this.#turn(notice.turn).inputs.push({ kind: 'typed', text: notice.text });
        return;
      case 'speech_started':
        if (notice.item_id !== undefined) this.#spoken(notice.item_id);
        return;
      case 'user_transcript':
        return this.#transcript(notice);
      case 'dtmf':
        return this.#key(notice.digit);
      case 'text':
      case 'answer_restarted':
        return this.#words(notice);
      case 'tool_call':
      case 'tool_result':
        return this.#call(notice);
      case 'interrupted': {
        const turn = this.#turn(notice.turn);
        turn.heard ??= wordsOf(turn.pieces);
        return;
      }
      case 'turn_done':
        return this.#done(notice);
      default:
        return;
    }
  }

  talk(): RecordedTalk {
    const turns = [...this.#turns.values()].map(finished);
    const last = { inputs: this.#waiting, answer: '', calls: [] };
    return {
      turns: this.#waiting.length === 0 ? turns : [...turns, last],
      isContinued: this.#isContinued,
      isCleared: this.#isCleared,
    };
  }

  /** A turn that begins answers what was waiting. */
  #turn(number: number): Open {
    const known = this.#turns.get(number);
    if (known !== undefined) return known;
    const turn: Open = { inputs: this.#waiting.splice(0), pieces: [], calls: [] };
    this.#turns.set(number, turn);
    return turn;
  }

  /** What was spoken, by its item; new where it was not met before. */
  #spoken(item: string | undefined): Input & { kind: 'spoken' } {
    const all = [...[...this.#turns.values()].flatMap(({ inputs }) => inputs), ...this.#waiting];
    const known = all.findLast((each) => each.kind === 'spoken' && each.item === item);
    if (known?.kind === 'spoken') return known;
    const input: Input = { kind: 'spoken', text: '', final: false, item };
    this.#waiting.push(input);
    return input;
  }

  #transcript({ item_id, text, final }: NoticeOf<'user_transcript'>): void {
    const spoken = this.#spoken(item_id);
    if (text.trim() !== '') spoken.text = text.trim();
    spoken.final ||= final;
    // Words may come after the answer to them has begun.
    const last = [...this.#turns.values()].at(-1);
    const isOfLast = last !== undefined && last.inputs.length === 0 && last.isUnasked !== true;
    if (isOfLast && this.#waiting.length === 1 && this.#waiting[0] === spoken)
      last.inputs = this.#waiting.splice(0);
  }

  #key(digit: string): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === 'keys') last.text += digit;
    else this.#waiting.push({ kind: 'keys', text: digit });
  }

  #words(notice: NoticeOf<'text' | 'answer_restarted'>): void {
    const { pieces } = this.#turn(notice.turn);
    if (notice.type === 'text') {
      pieces.push({ responseId: notice.response_id, text: notice.text });
      return;
    }
    const voided = pieces.at(-1)?.responseId;
    while (pieces.length > 0 && pieces.at(-1)?.responseId === voided) pieces.pop();
  }

  #call(notice: NoticeOf<'tool_call' | 'tool_result'>): void {
    const { calls, pieces } = this.#turn(notice.turn);
    if (notice.type === 'tool_call') {
      const { call_id: id, name, arguments: given } = notice;
      calls.push({ id, name, arguments: given, piecesBefore: pieces.length });
      return;
    }
    const call = calls.findLast(({ id }) => id === notice.call_id);
    if (call !== undefined) Object.assign(call, { output: notice.output, piecesBefore: pieces.length });
  }

  #done({ turn: number, status, unasked }: NoticeOf<'turn_done'>): void {
    const turn = this.#turn(number);
    turn.status = status;
    // A greeting answers nothing: what was said meanwhile is for the next turn.
    turn.isUnasked = unasked === true;
    if (turn.isUnasked) this.#waiting.unshift(...turn.inputs.splice(0));
  }
}

function finished({ inputs, pieces, calls, heard, status }: Open): RecordedTurn {
  return {
    inputs,
    answer: wordsOf(pieces),
    calls: calls.map(({ name, arguments: given, output, piecesBefore }) => ({
      name,
      arguments: given,
      saidAfter: wordsOf(pieces.slice(piecesBefore)),
      ...(output !== undefined && { output }),
    })),
    ...(heard !== undefined && { heard }),
    ...(status !== undefined && { status }),
  };
}

/** Answers of one turn, of which each begins anew, stand apart. */
function wordsOf(pieces: Open['pieces']): string {
  let said = '';
  for (const [at, { responseId, text }] of pieces.entries()) {
    const isAnother = at > 0 && pieces[at - 1]?.responseId !== responseId;
    said += isAnother && !/\s$/.test(said) && !/^\s/.test(text) ? ` ${text}` : text;
  }
  return said.trim();
}

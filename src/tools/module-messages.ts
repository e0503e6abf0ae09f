// What passes between the session and the thread in which a module runs. Arguments and results are JSON text, so that
// both ends see what would be seen by a program, and integers of any size arrive as they were.

import type { PhoneCall } from './handler.js';

/** What a thread is started with. */
export interface ModuleData {
  /** An absolute path. */
  path: string;
  /** A tools file is told with all it holds; of any other module only its functions matter. */
  isToolsFile: boolean;
  /** Whether Node's own warnings are to be seen. */
  debug: boolean;
}

/** What a thread is told of a phone call; what it may do, it asks for. */
export type PhoneFacts = Pick<PhoneCall, 'call_id' | 'from' | 'to'>;

export type ToModule =
  | {
      type: 'call';
      id: number;
      at: string[];
      given: string;
      call_id: string;
      name: string;
      phone?: PhoneFacts;
    }
  | { type: 'abort'; id: number; reason: string }
  /** What came of something asked of the phone call; `error` where it was refused. */
  | { type: 'phoned'; asked: number; error?: string };

export type FromModule =
  /** What it exports: functions are null, and `functions` says by their paths where they stand. */
  | { type: 'loaded'; exports: Record<string, unknown>; functions: string[][] }
  | { type: 'not_loaded'; message: string; code: string | undefined; isSyntax: boolean }
  /** A line for the person; without an id where no call has said it. */
  | { type: 'log'; id: number | undefined; text: string }
  /** Something is asked of the phone call that tool call `id` is made in; `target` is whom to hand the caller to. */
  | { type: 'phone'; id: number; asked: number; target?: string }
  /** An abort was taken notice of: the thread does return control. */
  | { type: 'heard'; id: number }
  | { type: 'result'; id: number; text: string }
  | { type: 'failed'; id: number; message: string };

// Tool calls: results go to calls there are, and an answer is asked for after them.

import { writeJson } from '../../json-text.js';
import { isObject } from '../../protocol/json.js';
import { isInterrupted } from '../interrupted.js';
import type { CreateCheck, Moment } from './check.js';

/** So long after the last result the request for an answer may still be on its way. */
const graceMs = 3000;

export const checkCalls: CreateCheck = (report) => {
  let isWhole = false;
  let isActive = false;
  /** Names by call id. */
  const calls = new Map<string, string>();
  const open = new Set<string>();
  /** The last result that an answer was not asked for yet. */
  let unasked: (Moment & { name: string }) | undefined;

  const announce = (callId: unknown, name: unknown) => {
    if (typeof callId !== 'string' || calls.has(callId)) return;
    calls.set(callId, typeof name === 'string' ? name : callId);
    open.add(callId);
  };
  const noResponse = () => {
    if (unasked !== undefined && open.size === 0 && !isActive) {
      report('no_response_create', unasked.name, unasked.event);
    }
  };
  const isLate = ({ atMs }: Moment) =>
    unasked?.atMs !== undefined && atMs !== undefined && atMs - unasked.atMs >= graceMs;
  const forget = () => {
    unasked = undefined;
    open.clear();
  };
  return {
    sent: ({ type, item }, now) => {
      if (isLate(now) && type !== 'response.create') noResponse();
      if (type === 'response.create') unasked = undefined;
      if (type === 'response.cancel') forget();
      if (type !== 'conversation.item.create' || !isObject(item)) return;
      // History that is told again.
      if (item.type === 'function_call') announce(item.call_id, item.name);
      if (item.type !== 'function_call_output') return;
      const callId = typeof item.call_id === 'string' ? item.call_id : `(${writeJson(item.call_id)})`;
      const name = calls.get(callId);
      if (name === undefined) {
        if (isWhole) report('unknown_call', callId);
        return;
      }
      if (open.delete(callId) && !isInterrupted(item.output)) unasked = { ...now, name };
    },
    frame: (_, now) => {
      if (isLate(now)) noResponse();
    },
    received: (event) => {
      switch (event.type) {
        case 'session.created':
        case 'conversation.created':
          isWhole = true;
          return;
        case 'response.created':
          isActive = true;
          unasked = undefined;
          return;
        case 'response.done':
          isActive = false;
          for (const item of event.response.output ?? []) announce(item.call_id, item.name);
          if (event.response.status === 'cancelled') forget();
          return;
        case 'response.function_call_arguments.done':
          return announce(event.call_id, event.name);
        case 'response.output_item.added':
        case 'response.output_item.done':
          return announce(event.item.call_id, event.item.name);
        case 'conversation.item.added':
          if (event.item.type === 'function_call') announce(event.item.call_id, event.item.name);
          return;
        default:
          return;
      }
    },
    interrupted: forget,
    opened: () => {
      isActive = false;
      forget();
    },
    ended: (now) => {
      // With times, an end right after the result says nothing.
      if (now.atMs === undefined || isLate(now)) noResponse();
    },
  };
};

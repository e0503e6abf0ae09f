// How the session is set up, and whether it is before it is used.

import { writeJson } from '../../json-text.js';
import { isObject } from '../../protocol/json.js';
import { clientEvents } from '../../protocol/realtime-client.js';
import { thresholdRange } from '../../protocol/realtime-session.js';
import type { CreateCheck, Report } from './check.js';

/** So long after the first words a session.update may still be on its way. */
const graceMs = 3000;

export const checkSetup: CreateCheck = (report) => {
  /** The service has spoken: what came before it was seen as well. */
  let isWhole = false;
  let isConfigured = false;
  let used: { event: number; atMs: number | undefined } | undefined;

  const neverConfigured = () => {
    if (isWhole && !isConfigured && used !== undefined) report('never_configured', '', used.event);
  };
  return {
    sent: (event, now) => {
      const type = typeof event.type === 'string' ? event.type : `(${writeJson(event.type)})`;
      if (type === 'session.update') {
        isConfigured = true;
        if (isObject(event.session)) checkUpdate(event.session, report);
        return;
      }
      checkType(type, report);
      if (type.startsWith('conversation.item.') || type.startsWith('input_audio_buffer.')) {
        used ??= { event: now.event, atMs: now.atMs };
      }
      if (type !== 'response.create' && type !== 'input_audio_buffer.commit') return;
      used ??= { event: now.event, atMs: now.atMs };
      neverConfigured();
    },
    received: (event, { atMs }) => {
      if (event.type === 'session.created' || event.type === 'conversation.created') isWhole = true;
      // A stored agent's configuration comes unasked.
      if (event.type === 'session.updated') isConfigured = true;
      if (used?.atMs !== undefined && atMs !== undefined && atMs - used.atMs > graceMs) neverConfigured();
    },
    opened: () => {
      isConfigured = false;
      used = undefined;
    },
    ended: neverConfigured,
  };
};

function checkType(type: string, report: Report): void {
  if (Object.hasOwn(clientEvents, type)) return;
  // output_audio_buffer.clear is an event of telephone lines, not of sockets.
  const interrupts = /interrupt|stop|abort|halt|cancel|output_audio_buffer/.test(type);
  report(interrupts ? 'wrong_interrupt' : 'unknown_client_event', type);
}

function checkUpdate(session: Record<string, unknown>, report: Report): void {
  checkFormats(session, report);
  checkTools(session.tools, report);
  if (isObject(session.turn_detection)) checkDetection(session.turn_detection, report);
}

function checkFormats(session: Record<string, unknown>, report: Report): void {
  const audio = isObject(session.audio) ? session.audio : {};
  for (const side of ['input', 'output']) {
    const own = audio[side];
    // Beside the members that count, flat ones do no harm.
    const isSet = isObject(own) && isObject(own.format);
    for (const name of [`${side}_audio_format`, `${side}_sample_rate`, `${side}_audio_sample_rate`]) {
      if (session[name] !== undefined && !isSet) report('flat_audio_fields', name);
    }
  }
}

function checkTools(tools: unknown, report: Report): void {
  for (const tool of Array.isArray(tools) ? tools : []) {
    if (!isObject(tool) || !isObject(tool.function)) continue;
    const { name } = tool.function;
    report('nested_tools', typeof name === 'string' ? name : '(without a name)');
  }
}

function checkDetection(detection: Record<string, unknown>, report: Report): void {
  const { type, threshold } = detection;
  if (type !== undefined && type !== null && type !== 'server_vad') {
    report('vad_out_of_range', `type ${writeJson(type)} is not known`);
  }
  const { least, most } = thresholdRange;
  if (typeof threshold === 'number' && (threshold < least || threshold > most)) {
    report('vad_out_of_range', `threshold is ${threshold}, outside ${least} to ${most}`);
  }
  for (const name of ['silence_duration_ms', 'prefix_padding_ms']) {
    const ms = detection[name];
    if (typeof ms === 'number' && (ms < 0 || ms > 10_000)) {
      report('vad_out_of_range', `${name} is ${ms}, outside 0 to 10000`);
    }
  }
}

// The mistakes that make an agent silent, or sound like static, without anybody saying so; each with its mend. Facts
// are those of xAI's guides and of recordings of the service.

export interface Fault {
  /** What is wrong; `detail` is the value, or the part that differs from case to case. */
  message(detail: string): string;
  /** The mend. */
  hint: string;
}

export const faults = {
  no_response_create: {
    message: (name) => `the result of ${name} was sent, but no response.create after it`,
    hint: 'the service waits for one: send response.create once, after the last result of a response',
  },
  response_while_active: {
    message: (detail) => `response.create was sent while a response was active${detail}`,
    hint: 'wait for response.done, or cancel the response first; under server_vad the service begins by itself',
  },
  never_configured: {
    message: () => 'the session was never configured',
    hint: 'send session.update, and wait for session.updated before anything else',
  },
  audio_container: {
    message: (detail) => detail,
    hint: 'append bare samples: take off the header, or decode the file first',
  },
  audio_encoding: {
    message: (detail) => detail,
    hint: 'what is heard is static: convert the audio, or set audio.input.format to what is sent',
  },
  audio_rate: {
    message: (detail) => detail,
    hint: 'what is heard is too fast or too slow: resample it, or set audio.input.format.rate to what is sent',
  },
  flat_audio_fields: {
    message: (name) => `session.update has ${name}, which the service ignores`,
    hint: 'formats go into session.audio.input.format and session.audio.output.format: { type, rate }',
  },
  audio_before_ready: {
    message: () => 'audio was sent before session.updated',
    hint: 'wait for session.updated: what comes earlier is taken in another format, or lost',
  },
  audio_never_committed: {
    message: () => 'audio was appended but never committed',
    hint: 'without turn detection a turn ends with input_audio_buffer.commit; or set turn_detection to server_vad',
  },
  nested_tools: {
    message: (name) => `the tool ${name} is nested under "function", as in the Agents API`,
    hint: 'in a session a function tool is flat: { type, name, description, parameters }',
  },
  vad_out_of_range: {
    message: (detail) => `turn_detection.${detail}`,
    hint: 'threshold goes from 0.1 to 0.9, silence and padding from 0 to 10000 ms; the only type is server_vad',
  },
  unknown_call: {
    message: (id) => `a tool result was sent for ${id}, which is no call of this conversation`,
    hint: 'repeat the call_id of the function call, as it came',
  },
  no_frame: {
    message: (seconds) => `nothing has come from the service for ${seconds} s`,
    hint: 'it sends a heartbeat every 10 s: the line may be dead; connect again',
  },
  interim_only: {
    message: () => 'the words of a spoken turn never became final',
    hint: 'take the last ones as they are; words are final in …transcription.completed with the status "completed"',
  },
  quota_exhausted: {
    message: (words) => `the quota is exhausted: ${words}`,
    hint: 'add credits or raise the spending limit at https://console.x.ai; trying again does not help',
  },
  wrong_interrupt: {
    message: (type) => `${type} is no event of the service: nothing was interrupted`,
    hint: 'send response.cancel; under server_vad speech interrupts by itself',
  },
  unknown_client_event: {
    message: (type) => `${type} is no event of the service`,
    hint: 'a client sends session.update, input_audio_buffer.append/commit/clear, conversation.item.create/delete/truncate, response.create/cancel',
  },
} satisfies Record<string, Fault>;

export type FaultCode = keyof typeof faults;

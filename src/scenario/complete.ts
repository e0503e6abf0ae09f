// A model that is asked for words: to play a person, or to judge a conversation.

export type Message = { role: 'system' | 'user' | 'assistant'; content: string };

/** The model's answer, as it gave it. Throws CliError when there is none. */
export type Complete = (
  messages: readonly Message[],
  options?: { seed?: number | undefined },
) => Promise<string>;

// Where secrets of ours stand in an environment, and an environment without them. A leaf: it imports nothing.

type Env = Record<string, string | undefined>;

/**
 * The variables that give a secret away: those a key is read from, any other that holds the same, the webhooks', a
 * trunk's, those of model servers.
 */
export function keyVariables(env: Env): string[] {
  const keys = [env.XAI_API_KEY, env.XAI_MANAGEMENT_API_KEY].flatMap((key) => key?.trim() || []);
  return Object.keys(env).filter(
    (name) =>
      /^(XAI_(MANAGEMENT_)?API_KEY(_FILE)?|AGENTS_(WEBHOOK_SECRET|SIP_PASSWORD|(LOCAL_)?MODEL_KEY))$/i.test(
        name,
      ) || keys.some((key) => holds(env[name] ?? '', key)),
  );
}

/** What programs and modules that are not ours may inherit. */
export function withoutKey(env: Env): Env {
  const hidden = new Set(keyVariables(env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
}

/** What is too short for a key stands in many places by chance. */
function holds(value: string, key: string): boolean {
  return value.trim() === key || (key.length >= 8 && value.includes(key));
}

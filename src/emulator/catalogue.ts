// Models and voices of the service, from its SDK's lists of September 2026. The local API answers for them; the
// client never checks against them, for there will be others.

/** Text models, and the voice models a session may name. */
const modelNames = [
  ...['grok-4.20', 'grok-4.20-0309-reasoning', 'grok-4.20-0309-non-reasoning', 'grok-4.20-multi-agent-0309'],
  ...['grok-4.3', 'grok-4.5', 'grok-4.6', 'grok-4.7', 'grok-build-0.1'],
];

export const models = modelNames.map((id) => ({
  id,
  object: 'model',
  created: 1_767_225_600,
  owned_by: 'xai',
}));

/** Retired models are answered by another one, and billed so. */
export function redirectedModel(model: string): string {
  const isRetired = /^grok-(3|4-0709|4-fast|4-1-fast|code-fast-1)(-|$)/.test(model) || model === 'grok-4';
  return isRetired ? 'grok-4.3' : model;
}

/** A model the service's text endpoints know. */
export function isKnownModel(model: string): boolean {
  return modelNames.includes(redirectedModel(model));
}

/** What a session without a model falls back to, as integrators report. */
export const modelOfSilence = 'grok-voice-fast-1.0';

export const builtInVoices = (
  'altair ara atlas aurora carina castor celeste cosmo eve helios helix iris kepler leo liora lumen luna lux naksh ' +
  'orion perseus rex rigel sal sirius ursa zagan zenith'
).split(' ');

// Numbers and outcomes as a person reads them in a report.

import { parseUsd, usdText } from '../../money.js';
import type { CaseResult } from '../result.js';

export const verdictWords: Record<CaseResult['verdict'], string> = {
  passed: 'passed',
  failed: 'failed',
  error: 'could not run',
  skipped: 'not run',
};

/** "640 ms", "12.3 s", "2 min 5 s". */
export function durationText(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Where in a conversation: "0:07.4"; in one that is over in a moment "71 ms". */
export function placeText(ms: number, ofMs: number): string {
  if (ofMs < 2000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(Math.max(0, ms) / 100);
  const seconds = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${seconds.toFixed(1).padStart(4, '0')}`;
}

/** "$0.0123"; "unknown" for what is not known. */
export function costText(usd: string | null): string {
  const ticks = usd === null ? undefined : parseUsd(usd);
  return ticks === undefined ? (usd ?? 'unknown') : usdText(ticks);
}

/** "1 scenario", "3 scenarios". */
export const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The value below which a share of the values lie, by the nearest rank; of sorted values, of which there are some. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

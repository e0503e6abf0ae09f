// Dates and times in words, as an ISO date and as HH:MM.

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** "2026-07-06", "today", "tomorrow", "next Friday", "July 6th", "6 July 2026" → "YYYY-MM-DD", counted from `today`. */
export function dateIn(said: string, today: Date): string | undefined {
  const text = said.toLowerCase();
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  if (iso) return iso[0];
  if (/\btoday\b/.test(text)) return isoDate(today, 0);
  if (/\bday after tomorrow\b/.test(text)) return isoDate(today, 2);
  if (/\btomorrow\b/.test(text)) return isoDate(today, 1);
  const monthDay = monthAndDay(text);
  if (monthDay !== undefined) return nextOccurrence(monthDay, today);
  const weekday = weekdays.findIndex((name) => new RegExp(`\\b${name}\\b`).test(text));
  return weekday < 0 ? undefined : isoDate(today, (weekday - today.getUTCDay() + 7) % 7 || 7);
}

function monthAndDay(text: string): { month: number; day: number; year: number | undefined } | undefined {
  const names = months.map((name) => name.slice(0, 3)).join('|');
  const found =
    new RegExp(`\\b(?<month>${names})[a-z]* (?<day>\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (?<year>\\d{4}))?`).exec(
      text,
    ) ??
    new RegExp(
      `\\b(?<day>\\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<month>${names})[a-z]*(?: (?<year>\\d{4}))?`,
    ).exec(text);
  if (!found?.groups) return undefined;
  const { month = '', day, year } = found.groups;
  const at = months.findIndex((name) => name.startsWith(month));
  return { month: at, day: Number(day), year: year === undefined ? undefined : Number(year) };
}

function nextOccurrence(
  { month, day, year }: { month: number; day: number; year: number | undefined },
  today: Date,
) {
  const on = (inYear: number) => new Date(Date.UTC(inYear, month, day));
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const thisYear = on(year ?? today.getUTCFullYear());
  const passed = year === undefined && thisYear.getTime() < midnight;
  return isoDate(passed ? on(today.getUTCFullYear() + 1) : thisYear, 0);
}

function isoDate(from: Date, days: number): string {
  return new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** "10:30", "3 pm", "noon" → "HH:MM". */
export function timeIn(said: string): string | undefined {
  const text = said.toLowerCase();
  if (/\bnoon\b/.test(text)) return '12:00';
  const found =
    /\b(\d{1,2}):(\d{2})\s*([ap])?\.?m?\b/.exec(text) ?? /\b(\d{1,2})()\s*([ap])\.?m\b/.exec(text);
  if (!found) return undefined;
  const half = found[3];
  const hour = (Number(found[1]) % (half === undefined ? 24 : 12)) + (half === 'p' ? 12 : 0);
  return `${String(hour).padStart(2, '0')}:${found[2] || '00'}`;
}

// Dates and times in words, as an ISO date and as HH:MM.

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const month = `(?<month>${months.map((name) => `${name}|${name.slice(0, 3)}`).join('|')}|sept)\\.?`;
const day = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';

const isoDate = /\b(?<year>\d{4})-(?<iso>\d{2})-(?<day>\d{2})\b/;
const monthFirst = new RegExp(`\\b${month} ${day}\\b(?:,? (?<year>\\d{4})\\b)?`);
const dayFirst = new RegExp(`\\b${day} (?:of )?${month}(?!\\p{L})(?:,? (?<year>\\d{4})\\b)?`, 'u');
const clockTime = /\b(?<hour>\d{1,2}):(?<minute>\d{2})(?!\d)(?:\s*(?<half>[ap])(?:\.m\.|m\b))?/;
const hourTime = /\b(?<hour>\d{1,2})\s*(?<half>[ap])(?:\.m\.|m\b)/;

/** "2026-07-06", "today", "tomorrow", "next Friday", "July 6th", "6 July 2026" → "YYYY-MM-DD", counted from `today`. */
export function dateIn(said: string, today: Date): string | undefined {
  const text = said.toLowerCase();
  const iso = isoDate.exec(text)?.groups;
  if (iso) return calendarDate(Number(iso.year), Number(iso.iso) - 1, Number(iso.day));
  if (/\btoday\b/.test(text)) return daysFrom(today, 0);
  if (/\bday after tomorrow\b/.test(text)) return daysFrom(today, 2);
  if (/\btomorrow\b/.test(text)) return daysFrom(today, 1);
  const named = (monthFirst.exec(text) ?? dayFirst.exec(text))?.groups;
  if (named) return namedDate(named, today);
  const weekday = weekdays.findIndex((name) => new RegExp(`\\b${name}\\b`).test(text));
  return weekday < 0 ? undefined : daysFrom(today, (weekday - today.getUTCDay() + 7) % 7 || 7);
}

/** Without a year, the next time that day comes. */
function namedDate({ month: name = '', day: number, year }: Record<string, string | undefined>, today: Date) {
  const at = months.findIndex((full) => full.startsWith(name.slice(0, 3)));
  const thisYear = today.getUTCFullYear();
  if (year !== undefined) return calendarDate(Number(year), at, Number(number));
  const date = calendarDate(thisYear, at, Number(number));
  const isPast = date !== undefined && date < daysFrom(today, 0);
  return isPast ? calendarDate(thisYear + 1, at, Number(number)) : date;
}

/** Undefined for a day that no calendar has. */
function calendarDate(year: number, monthAt: number, dayOfMonth: number): string | undefined {
  const date = new Date(Date.UTC(year, monthAt, dayOfMonth));
  const exists = date.getUTCMonth() === monthAt && date.getUTCDate() === dayOfMonth;
  return exists ? daysFrom(date, 0) : undefined;
}

/** The day some days from one, as YYYY-MM-DD. */
export function daysFrom(date: Date, days: number): string {
  return new Date(date.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** "10:30", "3 pm", "noon" → "HH:MM". */
export function timeIn(said: string): string | undefined {
  const text = said.toLowerCase();
  if (/\bnoon\b/.test(text)) return '12:00';
  const found = (clockTime.exec(text) ?? hourTime.exec(text))?.groups;
  if (!found) return undefined;
  const { half, minute = '00' } = found;
  const spoken = Number(found.hour);
  const hour = half === undefined ? spoken : (spoken % 12) + (half === 'p' ? 12 : 0);
  if (hour > 23 || Number(minute) > 59 || (half !== undefined && spoken > 12)) return undefined;
  return `${String(hour).padStart(2, '0')}:${minute}`;
}

/** What is left when dates and times are taken out: their digits are no numbers and no codes. */
export function withoutDatesAndTimes(said: string): string {
  return [isoDate, monthFirst, dayFirst, clockTime, hourTime].reduce(
    (text, pattern) => text.replace(new RegExp(pattern.source, 'giu'), ' '),
    said,
  );
}

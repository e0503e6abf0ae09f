// Times and dates as people say them, as patterns: 14:00 is also "2 pm", "two o'clock" and "14 Uhr", 2026-07-06 also
// "July 6th", "the sixth of July" and "6 de julio".

import {
  anyNumber,
  notBegunBefore,
  notGoingOn,
  numberWords,
  ordinalWords,
  twoDigits,
} from './number-words.js';
import { literal } from './text.js';

/** Patterns of a time as HH:MM, in English words and in digits as most languages write them; none for another text. */
export function timePatterns(text: string): string[] {
  const [, hours = '', minutes = ''] = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/.exec(text) ?? [];
  if (hours === '') return [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  const twelve = hour % 12 || 12;
  // Half of a day may be left out, but must not be the other one.
  const half = hour < 12 ? '(?! ?p\\.?m\\b)' : '(?! ?a\\.?m\\b)';
  const named = hour < 12 ? ' ?a\\.?m\\.?' : ' ?p\\.?m\\.?';
  const numbers = `(?:${[`0?${hour}`, `0?${twelve}`].join('|')})`;
  const words = `${notBegunBefore(twelve)}${numberWords(twelve)}`;
  const full = `${words}${notGoingOn(twelve)}`;
  return [
    `${numbers}[:.h]${minutes}${half}`,
    `${numbers} ?(?:uhr|時(?!間)|点|點|시(?!간))${minutesAfter(minute)}`,
    // By itself "2 horas" is how long something takes.
    `(?:0?${hour}|(?<=(?:à|las|às|om) )0?${twelve}) ?(?:heures?|horas?|uur|h)${minutesAfter(minute)}`,
    ...(minute === 0
      ? [
          `(?:${numbers}|${words}) o'clock${half}`,
          `(?:${twelve}|${words})${named}`,
          `(?:at|by|from|until|around|um|ab|bis|à|las|alle|às|om) (?:${numbers}|${full})${half}(?! ?(?:uhr|heures?|horas?|uur|h|[:.])? ?\\d)`,
        ]
      : minutesInWords(words, hour, minute).map((said) => `${said}${half}`)),
    ...(minute === 0 && hour === 12 ? ['noon', 'midday'] : []),
    ...(minute === 0 && hour === 0 ? ['midnight'] : []),
  ];
}

/** The full hour ends there: "14 Uhr 30" is another time. */
const minutesAfter = (minute: number) => (minute === 0 ? '(?! ?[0-5]\\d(?!\\d))' : ` ?0?${minute}`);

function minutesInWords(words: string, hour: number, minute: number): string[] {
  const past = `${minute < 10 ? 'oh ' : ''}${numberWords(minute)}${notGoingOn(minute)}`;
  const next = numberWords((hour + 1) % 12 || 12);
  return [
    `${words}[ -]${past}`,
    ...(minute === 15 ? [`quarter past ${words}`] : []),
    ...(minute === 30 ? [`half past ${words}`] : []),
    ...(minute === 45 ? [`quarter to ${next}`] : []),
  ];
}

/** Languages whose dates are known as people write them out. */
const locales = 'en-US en-GB de es fr it pt nl pl ru ja zh ko ar sv tr'.split(' ');
// Made once, and only when a date is looked for: each reads tables of its language.
let formats: { written: Intl.DateTimeFormat[]; month: Intl.DateTimeFormat } | undefined;
const dateFormats = () => {
  formats ??= {
    written: locales.flatMap((locale) =>
      (['long', 'short'] as const).map(
        (month) => new Intl.DateTimeFormat(locale, { month, day: 'numeric', timeZone: 'UTC' }),
      ),
    ),
    month: new Intl.DateTimeFormat('en-US', { month: 'long', timeZone: 'UTC' }),
  };
  return formats;
};

/** Patterns of a date as YYYY-MM-DD; none for another text, or a day that no calendar has. */
export function datePatterns(text: string): string[] {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return [];
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return [];
  const { written, month: monthFormat } = dateFormats();
  const month = monthFormat.format(date);
  const day = date.getUTCDate();
  const spoken = `(?:${day}(?:st|nd|rd|th)?|${notBegunBefore(day)}${ordinalWords(day)})`;
  const patterns = [
    ...new Set(written.map((format) => literal(format.format(date).replace(/\.$/, '')))),
    `${month},? (?:the )?${spoken}`,
    `${spoken} (?:of )?${month}`,
  ];
  return [`${notAfterYear(date)}(?:${patterns.join('|')})${notOfYear(date)}`];
}

/** In Chinese, Japanese and Korean the year comes first. */
const notAfterYear = (date: Date) => `(?<!(?<!${date.getUTCFullYear()}) ?[年년] ?)`;

/** That no other year follows: "July 6th, 2025", "6 de julio de 2025", "July sixth, twenty twenty-five". */
function notOfYear(date: Date): string {
  const year = date.getUTCFullYear();
  const ends = numberWords(year % 100);
  const own = [`twenty ${ends}`, `two thousand(?: and)? ${ends}`, `${year}`]
    .map((said) => `${said}\\b`)
    .join('|');
  const words = `twenty ${twoDigits}|two thousand(?: and)? ${anyNumber}`;
  return `(?!(?:st|nd|rd|th)?[.,]? (?:of |de |del )?(?!${own})(?:(?:19|20)\\d\\d(?!\\d)|${words}))`;
}

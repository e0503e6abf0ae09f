import { describe, expect, test } from 'vitest';
import { dateIn, timeIn } from '../../src/emulator/dates.js';

/** A Wednesday. */
const today = new Date('2026-07-01T12:00:00Z');

describe('a date', () => {
  test.each([
    ['2026-07-06', '2026-07-06'],
    ['on 2027-12-31, please', '2027-12-31'],
    ['today', '2026-07-01'],
    ['Tomorrow at noon', '2026-07-02'],
    ['the day after tomorrow', '2026-07-03'],
    ['on Thursday', '2026-07-02'],
    ['next Friday', '2026-07-03'],
    ['Sunday', '2026-07-05'],
    ['on Wednesday', '2026-07-08'],
    ['July 6', '2026-07-06'],
    ['July 6th', '2026-07-06'],
    ['july 1st', '2026-07-01'],
    ['the 6th of July', '2026-07-06'],
    ['6 July 2027', '2027-07-06'],
    ['July 6, 2027', '2027-07-06'],
    ['Sept 3', '2026-09-03'],
    ['Dec 31', '2026-12-31'],
    ['June 30', '2027-06-30'],
    ['Jan 5', '2027-01-05'],
    ['5 May', '2027-05-05'],
    ['June 30, 2026', '2026-06-30'],
    ['on July 6th for 2 people on the terrace', '2026-07-06'],
  ])('"%s" is %s', (said, date) => {
    expect(dateIn(said, today)).toBe(date);
  });

  test.each([
    '',
    'some day',
    'in 3 days',
    'a daydream',
    'a table for 2',
    'yesterdays',
    'maybe 5 people',
    '12 marbles',
    '2 decaf coffees',
    'separate 2 bills',
    'I am Mark 12',
    'July 45',
    'February 30',
    '2026-13-45',
    '2026-02-29',
  ])('is not in "%s"', (said) => {
    expect(dateIn(said, today)).toBeUndefined();
  });

  test.each([
    ['2026-12-31T23:59:59Z', 'tomorrow', '2027-01-01'],
    ['2028-02-28T00:00:00Z', 'tomorrow', '2028-02-29'],
    ['2026-12-30T12:00:00Z', 'Friday', '2027-01-01'],
    ['2026-12-30T12:00:00Z', 'December 30', '2026-12-30'],
    ['2026-12-31T12:00:00Z', 'December 30', '2027-12-30'],
  ])('is counted from %s: "%s" is %s', (from, said, date) => {
    expect(dateIn(said, new Date(from))).toBe(date);
  });
});

describe('a time', () => {
  test.each([
    ['10:30', '10:30'],
    ['at 9:05', '09:05'],
    ['at 23:59', '23:59'],
    ['0:15', '00:15'],
    ['3 pm', '15:00'],
    ['3pm', '15:00'],
    ['11 PM', '23:00'],
    ['3 p.m.', '15:00'],
    ['1 am', '01:00'],
    ['12 am', '00:00'],
    ['12 pm', '12:00'],
    ['12:15 am', '00:15'],
    ['10:30 a.m.', '10:30'],
    ['7:30 pm', '19:30'],
    ['at noon', '12:00'],
    ['10:30 people', '10:30'],
    ['at 13:30 a table for two', '13:30'],
    ['at 12:30 a table for two', '12:30'],
  ])('"%s" is %s', (said, time) => {
    expect(timeIn(said)).toBe(time);
  });

  test.each(['', 'at 7', 'I am 3 apples ahead', 'soon', 'afternoons', '99:99', '10:75', '3 amazing days'])(
    'is not in "%s"',
    (said) => {
      expect(timeIn(said)).toBeUndefined();
    },
  );
});

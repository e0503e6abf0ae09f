import { describe, expect, test } from 'vitest';
import { readErrorValue, readWireError } from '../../src/protocol/wire-error.js';

const live = {
  permission: 'The caller does not have permission to execute the specified operation',
  argument: 'Client specified an invalid argument',
};

describe('the reason in a refused reply', () => {
  test.each([
    [
      'a phrase and a message',
      { code: live.argument, error: 'Incorrect API key provided: xai-****.' },
      {
        code: live.argument,
        message: 'Incorrect API key provided: xai-****.',
      },
    ],
    [
      'a slug and a message',
      { code: 'invalid-argument', error: 'no such voice' },
      {
        code: 'invalid-argument',
        message: 'no such voice',
      },
    ],
    ['a number as the code', { code: 7, error: 'denied' }, { code: '7', message: 'denied' }],
    [
      'an object, as other services write it',
      {
        error: { message: 'bad tool', type: 'invalid_request_error', param: 'tools', code: 'bad_tool' },
      },
      { code: 'bad_tool', message: 'bad tool' },
    ],
    [
      'an object with a type only',
      { error: { message: 'bad tool', type: 'invalid_request_error' } },
      {
        code: 'invalid_request_error',
        message: 'bad tool',
      },
    ],
    [
      'an object whose code is null',
      { error: { message: 'bad', type: 'invalid_event', code: null } },
      {
        code: 'invalid_event',
        message: 'bad',
      },
    ],
    ['a message alone', { error: 'Live search is deprecated.' }, { message: 'Live search is deprecated.' }],
    ['a message by another name', { message: 'not found' }, { message: 'not found' }],
    ['a detail', { detail: 'Not Found' }, { message: 'Not Found' }],
  ])('%s', (_, body, error) => {
    expect(readWireError(JSON.stringify(body))).toEqual(error);
    expect(readErrorValue(body)).toEqual(error);
  });

  test.each([
    [
      'plain text',
      'Failed to deserialize the JSON body into the target type: tools[55].type: unknown variant `x_search`\n',
      'Failed to deserialize the JSON body into the target type: tools[55].type: unknown variant `x_search`',
    ],
    ['text that begins like JSON', '{"error": "cut of', '{"error": "cut of'],
    ['JSON that names no reason', '{"ok":false}', '{"ok":false}'],
    ['JSON that is only text', '"no"', '"no"'],
    ['an empty message', '{"error":""}', '{"error":""}'],
    ['an error that is an object without words', '{"error":{"status":5}}', '{"error":{"status":5}}'],
  ])('%s is told as it is', (_, body, message) => {
    expect(readWireError(body)).toEqual({ message });
  });

  test.each([
    ['an empty body', ''],
    ['blanks', ' \r\n '],
    ['a page', '<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>'],
    ['a page in small letters', '<!doctype html><p>x</p>'],
    ['a page without a doctype', '\n<html>\r\n<head><title>404 Not Found</title></head></html>'],
    ['a page that begins with its head', '<head><title>x</title></head>'],
    ['XML', '<?xml version="1.0"?><Error/>'],
  ])('%s gives no reason', (_, body) => {
    expect(readWireError(body)).toBeUndefined();
  });

  test.each([
    [
      'at the end',
      'The token could not be validated. [WKE=unauthenticated:bad-credentials]',
      'The token could not be validated.',
    ],
    ['in the middle', 'No [WKE=permission-denied] entry', 'No entry'],
  ])('a tag meant for programs is left out %s', (_, said, message) => {
    expect(readWireError(JSON.stringify({ error: said }))).toEqual({ message });
  });

  test('a message without end is cut', () => {
    const message = readWireError(JSON.stringify({ error: 'x'.repeat(10_000) }))?.message ?? '';
    expect(message).toMatch(/^x+…$/);
    expect(message.length).toBeLessThanOrEqual(500);
  });

  test('a message of the longest length kept is whole', () => {
    expect(readWireError(JSON.stringify({ error: 'x'.repeat(500) }))).toEqual({ message: 'x'.repeat(500) });
  });

  test.each([[null], [undefined], ['text'], [5], [[]], [{}], [{ error: null }], [{ error: 5 }]])(
    'the value %j holds no reason',
    (value) => {
      expect(readErrorValue(value)).toBeUndefined();
    },
  );
});

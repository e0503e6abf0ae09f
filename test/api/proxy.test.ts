import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../src/api/proxy.js';

const proxy = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href;
const secure = 'https://api.x.ai';
const plain = 'http://agents.example.com';

describe('the proxy', () => {
  test.each([
    ['HTTPS_PROXY', secure, { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https_proxy', secure, { https_proxy: 'http://p:1' }, 'http://p:1/'],
    [
      'https_proxy before HTTPS_PROXY',
      secure,
      { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' },
      'http://low:1/',
    ],
    [
      'an empty https_proxy for nothing',
      secure,
      { https_proxy: '', HTTPS_PROXY: 'http://up:1' },
      'http://up:1/',
    ],
    ['http_proxy for http', plain, { http_proxy: 'http://p:1' }, 'http://p:1/'],
    ['http_proxy not for https', secure, { http_proxy: 'http://p:1' }, undefined],
    ['HTTPS_PROXY not for http', plain, { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['HTTP_PROXY never: a request could set it', plain, { HTTP_PROXY: 'http://p:1' }, undefined],
    ['ALL_PROXY for https', secure, { ALL_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['all_proxy for http', plain, { all_proxy: 'http://p:1' }, 'http://p:1/'],
    [
      'HTTPS_PROXY before ALL_PROXY',
      secure,
      { HTTPS_PROXY: 'http://p:1', ALL_PROXY: 'http://q:1' },
      'http://p:1/',
    ],
    ['HTTPS_PROXY for a socket', 'wss://api.x.ai/v1/realtime', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['http_proxy for a plain socket', 'ws://agents.example.com', { http_proxy: 'http://p:1' }, 'http://p:1/'],
    ['a name and password', secure, { HTTPS_PROXY: 'http://u:s@p:1' }, 'http://u:s@p:1/'],
    ['an address without http://', secure, { HTTPS_PROXY: 'p:1' }, 'http://p:1/'],
    ['an https proxy', secure, { HTTPS_PROXY: 'https://p' }, 'https://p/'],
    ['none where nothing is set', secure, {}, undefined],
    ['none where all is empty', secure, { HTTPS_PROXY: '', ALL_PROXY: '' }, undefined],
  ])('is taken from %s', (_, url, env, chosen) => {
    expect(proxy(url, env as Record<string, string>)).toBe(chosen);
  });

  test.each([
    'http://localhost:9978',
    'http://127.0.0.1:9978',
    'http://127.8.8.8',
    'http://[::1]:9978',
    'https://localhost',
    'ws://api.localhost:9978',
  ])('is not for this machine: %s', (url) => {
    expect(proxy(url, { HTTPS_PROXY: 'http://p:1', http_proxy: 'http://p:1', ALL_PROXY: 'http://p:1' })).toBe(
      undefined,
    );
  });
});

describe('NO_PROXY', () => {
  test.each([
    ['everything', '*'],
    ['the host', 'api.x.ai'],
    ['the host in capitals', 'API.X.AI'],
    ['its domain', 'x.ai'],
    ['its domain with a dot', '.x.ai'],
    ['its domain with a star', '*.x.ai'],
    ['the host and its port', 'api.x.ai:443'],
    ['one of several', 'a.com, b.com,x.ai'],
    ['one of several, by blanks', 'a.com x.ai'],
    ['one with blanks and commas around it', ' , x.ai ,'],
  ])('exempts %s', (_, list) => {
    expect(proxy(secure, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBe(undefined);
    expect(proxy(secure, { HTTPS_PROXY: 'http://p:1', no_proxy: list })).toBe(undefined);
    expect(proxy('wss://api.x.ai', { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBe(undefined);
  });

  test.each([
    ['another host', 'example.com'],
    ['a host that ends alike', 'i.x.ai'],
    ['a part of its name', 'api'],
    ['a longer name', 'my.api.x.ai'],
    ['another port', 'api.x.ai:8443'],
    ['the port of http', 'api.x.ai:80'],
    ['nothing', ''],
    ['commas', ',,'],
  ])('does not exempt because of %s', (_, list) => {
    expect(proxy(secure, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBe('http://p:1/');
  });

  test('knows a port that is written down', () => {
    const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.x.ai:8443' };
    expect(proxy('https://api.x.ai:8443', env)).toBe(undefined);
    expect(proxy('https://api.x.ai', env)).toBe('http://p:1/');
  });
});

describe('an address that is none', () => {
  test.each([
    ['no host', 'http://'],
    ['a port that is no number', 'http://p:port'],
    ['blanks', 'http://my proxy:1'],
  ])('is told: %s', (_, address) => {
    expect(() => proxy(secure, { HTTPS_PROXY: address })).toThrow(
      expect.objectContaining({ code: 'usage', exit: 2, message: expect.stringContaining(address) }),
    );
  });

  test('is told also where it is of a kind that no request can go through', () => {
    expect(() => proxy(secure, { HTTPS_PROXY: 'ftp://p:1' })).toThrow(
      expect.objectContaining({ code: 'usage', exit: 2 }),
    );
  });

  test('is told without the password in it', () => {
    expect(() => proxy(secure, { HTTPS_PROXY: 'http://user:hunter2@p:port' })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.not.stringContaining('hunter2') }),
    );
  });

  test('does no harm where nothing goes through it', () => {
    expect(proxy('http://localhost:9978', { HTTPS_PROXY: 'http://' })).toBe(undefined);
  });
});

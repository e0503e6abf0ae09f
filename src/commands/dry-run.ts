// `--dry-run`: the request instead of its answer.

import type { ShownRequest } from '../api/request.js';
import type { Context } from '../context.js';
import { writeJson } from '../json-text.js';
import { defaults } from '../settings.js';
import type { Style } from '../terminal/style.js';

/** Shows a request that is not sent. */
export function showRequest(context: Context, request: ShownRequest): void {
  context.output.show({ request: asServed(context, request) }, requestText);
}

/** The local API inside this command is gone with it: shown is where `agents dev` serves the same. */
function asServed({ settings }: Context, request: ShownRequest): ShownRequest {
  if (settings.baseUrl !== undefined) return request;
  const { pathname, search } = new URL(request.url);
  return { ...request, url: `${defaults.localUrl}${pathname}${search}` };
}

function requestText({ request }: { request: ShownRequest }, { chalk }: Style): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  return [chalk.bold(`${request.method} ${request.url}`), ...headers, '', writeJson(request.body, 2)].join(
    '\n',
  );
}

// An MCP server for tests, made with the SDK: run as a program it speaks stdio; `startHttpServer` serves it on a free loopback port.

import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as z from 'zod';

let calls = 0;
const text = (value) => ({ content: [{ type: 'text', text: value }] });

export function makeServer() {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { words: z.string() } }, ({ words }) => text(`echo ${words}`));
  server.registerTool('count', {}, () => text(String(++calls)));
  server.registerTool('refuse', {}, () => ({ ...text('not allowed'), isError: true }));
  server.registerTool('shapes', {}, () => ({
    content: [
      { type: 'text', text: 'words' },
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'file:///a', text: 'of a file' } },
    ],
  }));
  server.registerTool('structured', { outputSchema: { a: z.number() } }, () => ({
    content: [],
    structuredContent: { a: 1 },
  }));
  server.registerTool('misshapen', {}, ({ requestId }) => {
    const reply = { jsonrpc: '2.0', id: requestId, result: { content: 'not a list' } };
    process.stdout.write(`${JSON.stringify(reply)}\n`);
    return new Promise(() => {});
  });
  server.registerTool('environment', {}, () => text(JSON.stringify(process.env)));
  server.registerTool('hang', {}, () => new Promise(() => {}));
  server.registerTool('crash', {}, () => process.exit(1));
  return server;
}

if (process.argv[1] === import.meta.filename) {
  // Each start leaves a mark, so that a test can count them.
  if (process.env.STARTED) appendFileSync(process.env.STARTED, `${process.pid}\n`);
  if (process.argv.includes('--chatty')) process.stdout.write('Welcome to my server!\n');
  if (process.argv.includes('--broken')) {
    process.stderr.write('no database\n');
    process.exit(1);
  }
  await makeServer().connect(new StdioServerTransport());
}

/** Without sessions: each request has a server of its own. `onRequest` may refuse with a status. */
export async function startHttpServer(onRequest) {
  const http = createServer(async (request, response) => {
    const refused = onRequest(request);
    if (refused !== undefined) return response.writeHead(refused).end('refused');
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await makeServer().connect(transport);
    await transport.handleRequest(request, response);
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${http.address().port}/mcp`,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

// Tools of MCP servers, by the official SDK. Loaded only where a tools file names such a server.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Children, Program } from './child.js';
import { networkReason, ToolFailure } from './failure.js';
import { ProgramTransport } from './mcp-program.js';

/** How a server is reached, its variables filled in. */
export type McpAddress = { program: Program } | { url: string; headers: Record<string, string> };

export interface McpServer {
  /** Names of all its tools. Throws ToolFailure. */
  tools(signal: AbortSignal): Promise<string[]>;
  /** Throws ToolFailure. */
  call(tool: string, given: Record<string, unknown>, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** Time is kept by whoever calls: the SDK's own limit must not come first. */
const patient = { timeout: 2 ** 31 - 1 };

/** Connects when first asked, and again when the connection was lost. `version` is this program's. */
export function createMcpServer(address: McpAddress, children: Children, version: string): McpServer {
  let connection: Promise<Client> | undefined;
  let transport: Transport | undefined;

  async function open(signal: AbortSignal): Promise<Client> {
    const client = new Client({ name: 'agents', version });
    const opening = transportTo(address, children);
    transport = opening;
    client.onclose = () => {
      if (transport === opening) connection = undefined;
    };
    await client.connect(opening, { ...patient, signal });
    return client;
  }

  async function use<T>(signal: AbortSignal, work: (client: Client) => Promise<T>): Promise<T> {
    const opening = connection ?? open(signal);
    connection = opening;
    let connected = false;
    try {
      const client = await opening;
      connected = true;
      return await work(client);
    } catch (error) {
      const answered = connected && isAnswer(error);
      const told = failure(error, answered, transport);
      // Whoever breaks the protocol is not spoken with again, nor left running.
      if (!connected || (!answered && !signal.aborted && connection === opening))
        await dropConnection(opening);
      throw told;
    }
  }

  async function dropConnection(opening: Promise<Client>): Promise<void> {
    if (connection === opening) connection = undefined;
    await transport?.close().catch(() => {});
  }

  return {
    tools: (signal) =>
      use(signal, async (client) => {
        const names: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await client.listTools(cursor === undefined ? {} : { cursor }, { ...patient, signal });
          names.push(...page.tools.map(({ name }) => name));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return names;
      }),
    call: (tool, given, signal) =>
      use(signal, async (client) => {
        const result = await client.callTool({ name: tool, arguments: given }, CallToolResultSchema, {
          ...patient,
          signal,
        });
        const text = textOf(result);
        if (result.isError === true) throw new ToolFailure(text || 'the tool failed');
        return text;
      }),
    async close() {
      const client = await connection?.catch(() => undefined);
      await client?.close().catch(() => {});
    },
  };
}

function transportTo(address: McpAddress, children: Children): Transport {
  if ('program' in address) return new ProgramTransport(children, address.program);
  const { url, headers } = address;
  // Its optional members are declared for another strictness than ours.
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport;
}

/** What the server itself said, as opposed to not being there. */
function isAnswer(error: unknown): boolean {
  if (error instanceof ToolFailure) return error.answered;
  if (error instanceof McpError)
    return error.code !== ErrorCode.ConnectionClosed && error.code !== ErrorCode.RequestTimeout;
  const status = (error as { code?: unknown }).code;
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 404;
}

function failure(error: unknown, answered: boolean, transport: Transport | undefined): ToolFailure {
  if (error instanceof ToolFailure) return error;
  const complaint = transport instanceof ProgramTransport && !answered ? transport.complaint : '';
  const said = complaint === '' ? '' : `: ${complaint.split('\n').at(-1)}`;
  return new ToolFailure(`the MCP server: ${networkReason(error)}${said}`, { answered, cause: error });
}

interface Content {
  type: string;
  text?: unknown;
  mimeType?: unknown;
  uri?: unknown;
  resource?: { text?: unknown; uri?: unknown };
}

/** A result in words: what is no text is named, for a model cannot be given it. */
function textOf(result: Record<string, unknown>): string {
  const parts = (Array.isArray(result.content) ? result.content : []) as Content[];
  const text = parts.map(partText).join('\n');
  if (text !== '' || result.structuredContent === undefined) return text;
  return JSON.stringify(result.structuredContent);
}

function partText({ type, text, mimeType, uri, resource }: Content): string {
  if (typeof text === 'string') return text;
  if (typeof resource?.text === 'string') return resource.text;
  return `[${[type, mimeType, uri ?? resource?.uri].filter(Boolean).join(' ')}]`;
}

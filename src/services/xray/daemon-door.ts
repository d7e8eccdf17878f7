// What an X-Ray daemon answers to the SDKs beside it: their questions about sampling, asked as the role of the program.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AwsError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Unattended } from '../service.ts';

/** Whose program asks. */
export interface DaemonClient {
  account: string;
  region: string;
  /** ARN of its role. */
  role: string;
}

const mostBytes = 256 * 1024;

export class DaemonDoor {
  readonly #unattended: Unattended;
  readonly #log: Logger;
  readonly #clients = new WeakMap<Socket, DaemonClient>();
  /** Made when the first program asks. */
  #server: Server | undefined;

  constructor(unattended: Unattended, log: Logger) {
    this.#unattended = unattended;
    this.#log = log;
  }

  /** Serves a connection that a program made to its daemon. */
  serve({ account, region, role }: DaemonClient, socket: Socket): void {
    this.#clients.set(socket, { account, region, role });
    this.#server ??= createServer((request, response) => {
      this.#answer(request, response).catch((error) => this.#refuse(response, error));
    });
    this.#server.emit('connection', socket);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { account, region, role } = this.#clients.get(request.socket)!;
    const call = this.#unattended({ account, region, arn: role });
    const body = await readBody(request);
    if (request.method === 'POST' && request.url === '/GetSamplingRules') {
      return send(response, 200, await call('xray', 'GetSamplingRules', readJson(body)));
    }
    if (request.method === 'POST' && request.url === '/SamplingTargets') {
      return send(response, 200, await call('xray', 'GetSamplingTargets', withDates(readJson(body)) as never));
    }
    send(response, 404, { message: `The X-Ray daemon does not serve ${request.method} ${request.url}` });
  }

  #refuse(response: ServerResponse, error: unknown): void {
    if (error instanceof AwsError) {
      send(response, error.status, { __type: error.code, message: error.message });
      return;
    }
    this.#log.error({ err: error }, 'a question to the X-Ray daemon could not be answered');
    send(response, 500, { message: 'Internal Server Error' });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw invalidRequest(`The request is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString();
}

function readJson(body: string): Record<string, unknown> {
  try {
    const value = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw invalidRequest('The request body is no JSON object');
}

const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);

/** Times of statistics come as epoch seconds. */
function withDates(input: Record<string, unknown>): Record<string, unknown> {
  const documents = input['SamplingStatisticsDocuments'];
  if (!Array.isArray(documents)) return input;
  return {
    ...input,
    SamplingStatisticsDocuments: documents.map((each) => ({ ...each, Timestamp: timeOf(each?.Timestamp) })),
  };
}

function timeOf(value: unknown): Date | undefined {
  const seconds = Number(value);
  return value === undefined || Number.isNaN(seconds) ? undefined : new Date(seconds * 1000);
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body, function (this: Record<string, unknown>, key, value) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : value;
  });
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

// A server of nothing but the wire: decodes each request with the contracts, hands it to a test, encodes what comes back.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Contract } from '../../src/contracts/index.ts';
import { AwsError } from '../../src/core/errors.ts';
import { type OperationCall, type Protocol, protocolFor, type RawResponse } from '../../src/protocol/index.ts';

export interface WireCall extends OperationCall {
  protocol: Protocol['name'];
}

export interface WireServer {
  url: string;
  /** What answers: an output, or a thrown AwsError. Set by each test. */
  contract: Contract;
  answer: (call: WireCall) => object;
  close(): Promise<void>;
}

export async function startWireServer(contract: Contract): Promise<WireServer> {
  const server = createServer((request, response) => {
    // What cannot be written at all ends the connection, so that the client fails instead of waiting.
    serve(request, response).catch((error) => response.destroy(error));
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '', query = ''] = request.url!.split(/\?(.*)/s);
    const raw = { method: request.method!, path, query, headers: request.headers, body: await buffer(request) };
    const protocol = protocolFor(wire.contract, raw);
    let operation: string | undefined;
    let answer: RawResponse;
    try {
      operation = protocol.route(wire.contract, raw);
      const call = protocol.decode(wire.contract, raw);
      operation = call.operation;
      answer = protocol.encodeOutput(
        wire.contract,
        operation,
        wire.answer({ ...call, protocol: protocol.name }),
        'request-id',
      );
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), { status: 500 });
      answer = protocol.encodeError(wire.contract, operation, known, 'request-id');
    }
    const { body } = answer;
    const stream = typeof body !== 'string' && !Buffer.isBuffer(body);
    response.writeHead(
      answer.status,
      stream ? answer.headers : { 'Content-Length': Buffer.byteLength(body), ...answer.headers },
    );
    if (stream) for await (const chunk of body) response.write(chunk);
    else response.write(body);
    response.end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wire: WireServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    contract,
    answer: () => ({}),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return wire;
}

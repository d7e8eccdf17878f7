// A Lambent to be measured, with the functions that the benches invoke.
import { CreateFunctionCommand, LambdaClient, type Runtime, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { startTestServer } from '../../test/server.ts';
import { invokeRequest } from '../load/invoke-request.ts';
import { zipOf } from '../zip.ts';

/** Enough for a whole vCPU, so that no processor quota shows in the figures. */
export const memoryMib = 1769;

export interface BenchFunction {
  name: string;
  runtime: string;
  /** Source of the only file, `index.mjs` or `index.py`, which exports `handler`. */
  source: string;
  memoryMib?: number;
}

export interface LambentTarget {
  port: number;
  pid: number;
  /** Creates a function and waits until it is active. */
  create(bench: BenchFunction): Promise<void>;
  request(functionName: string, payload: Buffer): Promise<Buffer>;
  /** What the server says of its environments. */
  counts(): Promise<{ environments: number; idle: number; ready: Record<string, number> }>;
  stop(): Promise<void>;
}

export const echo = {
  node: 'export const handler = async (event) => event;\n',
  python: 'def handler(event, context):\n    return event\n',
};

export async function startLambent(flags: string[] = []): Promise<LambentTarget> {
  const server = await startTestServer({ flags });
  const client = new LambdaClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'bench' },
  });
  return {
    port: server.port,
    pid: server.process.pid!,
    async create({ name, runtime, source, memoryMib: memory = memoryMib }) {
      await client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: runtime as Runtime,
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/bench',
          MemorySize: memory,
          Timeout: 60,
          Code: { ZipFile: zipOf(runtime.startsWith('python') ? 'index.py' : 'index.mjs', source) },
        }),
      );
      await waitUntilFunctionActiveV2({ client, maxWaitTime: 30, minDelay: 0.02 }, { FunctionName: name });
    },
    request: (functionName, payload) => invokeRequest(server.port, functionName, payload),
    async counts() {
      const response = await fetch(`${server.url}/_lambent/health`);
      return ((await response.json()) as { execution: any }).execution;
    },
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

// A Lambent to be measured, with the functions that the benches invoke.
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  type InvokeMode,
  LambdaClient,
  PublishLayerVersionCommand,
  type Runtime,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { RequestServiceQuotaIncreaseCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
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
  /** A package that was built, in place of `source`. */
  built?: { handler: string; code: Buffer };
  variables?: Record<string, string>;
  /** Source of an external extension. */
  extension?: string;
}

export interface LambentTarget {
  port: number;
  pid: number;
  /** Creates a function and waits until it is active. */
  create(bench: BenchFunction): Promise<void>;
  /** An Invoke, with `headers` beside those of every request. */
  request(functionName: string, payload: Buffer, headers?: Record<string, string>): Promise<Buffer>;
  /** Gives a function a URL that everybody may call. */
  functionUrl(functionName: string, mode?: InvokeMode): Promise<string>;
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
  const connection = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'bench' },
  };
  const client = new LambdaClient(connection);
  let isRaised = false;
  return {
    port: server.port,
    pid: server.process.pid!,
    async create({ name, runtime, source, memoryMib: memory = memoryMib, built, variables, extension }) {
      if (!isRaised) {
        isRaised = true;
        await raiseConcurrency(new ServiceQuotasClient(connection));
      }
      const layers: string[] = [];
      if (extension !== undefined) {
        const ZipFile = zipOf('extensions/bench', extension, 0o100755);
        const layer = await client.send(new PublishLayerVersionCommand({ LayerName: name, Content: { ZipFile } }));
        layers.push(layer.LayerVersionArn!);
      }
      await client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: runtime as Runtime,
          Handler: built?.handler ?? 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/bench',
          MemorySize: memory,
          Timeout: 60,
          Layers: layers,
          ...(variables === undefined ? {} : { Environment: { Variables: variables } }),
          Code: {
            ZipFile: built?.code ?? zipOf(runtime.startsWith('python') ? 'index.py' : 'index.mjs', source),
          },
        }),
      );
      await waitUntilFunctionActiveV2({ client, maxWaitTime: 30, minDelay: 0.02 }, { FunctionName: name });
    },
    request: (functionName, payload, headers) => invokeRequest(server.port, functionName, payload, headers),
    async functionUrl(FunctionName, InvokeMode = 'BUFFERED') {
      const permission = { StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', Principal: '*' };
      await client.send(new AddPermissionCommand({ FunctionName, ...permission, FunctionUrlAuthType: 'NONE' }));
      const config = { FunctionName, AuthType: 'NONE', InvokeMode } as const;
      return (await client.send(new CreateFunctionUrlConfigCommand(config))).FunctionUrl!;
    },
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

/** An account may send ten requests a second for each concurrent execution, which is less than what is measured here. */
async function raiseConcurrency(client: ServiceQuotasClient): Promise<void> {
  await client.send(
    new RequestServiceQuotaIncreaseCommand({ ServiceCode: 'lambda', QuotaCode: 'L-B99A9384', DesiredValue: 100_000 }),
  );
  client.destroy();
}

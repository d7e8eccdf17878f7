// Every operation of every contract, by unmodified SDK clients: the input that the server sees and the output that the
// client sees are what was sent, over every protocol that the service speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { loadContract, type ServiceName } from '../../src/contracts/index.ts';
import { omit, type Overrides, Sampler } from './samples.ts';
import { startWireServer, type WireCall } from './wire-server.ts';

interface Suite {
  service: ServiceName;
  client: string;
  protocol: WireCall['protocol'];
  config?: Record<string, unknown>;
  input?: Overrides;
  output?: Overrides;
  /** Members that are not compared. */
  ignore?: readonly string[];
}

/** What S3's client computes itself, or checks. */
const s3Input: Overrides = {
  Bucket: 'bucket-name',
  Body: Buffer.from('body'),
  ContentLength: omit,
  ChecksumAlgorithm: omit,
  ChecksumMode: omit,
  SSECustomerKey: omit,
  SSECustomerKeyMD5: omit,
  CopySourceSSECustomerKey: omit,
  CopySourceSSECustomerKeyMD5: omit,
};

const suites: Suite[] = [
  {
    service: 'lambda',
    client: '@aws-sdk/client-lambda',
    protocol: 'rest-json',
    // AWS announces the frames here, not what they hold.
    output: { StatusCode: 200, Status: 202, ResponseStreamContentType: 'application/vnd.amazon.eventstream' },
  },
  { service: 'logs', client: '@aws-sdk/client-cloudwatch-logs', protocol: 'json' },
  { service: 'dynamodb', client: '@aws-sdk/client-dynamodb', protocol: 'json' },
  { service: 'sqs', client: '@aws-sdk/client-sqs', protocol: 'json', config: { md5: false } },
  {
    service: 'sqs',
    client: '@aws-sdk/client-sqs',
    protocol: 'query',
    config: { md5: false, protocol: AwsQueryProtocol },
    // Bound to the same parameter as AttributeNames.
    ignore: ['MessageSystemAttributeNames'],
    input: { MessageSystemAttributeNames: omit },
  },
  { service: 'iam', client: '@aws-sdk/client-iam', protocol: 'query' },
  { service: 'sts', client: '@aws-sdk/client-sts', protocol: 'query' },
  { service: 'sns', client: '@aws-sdk/client-sns', protocol: 'query' },
  {
    service: 's3',
    client: '@aws-sdk/client-s3',
    protocol: 'rest-xml',
    config: {
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    },
    input: s3Input,
    output: { ContentLength: omit },
    ignore: ['ChecksumAlgorithm', 'ContentLength', 'ExpiresString'],
  },
  { service: 'cloudwatch', client: '@aws-sdk/client-cloudwatch', protocol: 'json' },
  {
    service: 'cloudwatch',
    client: '@aws-sdk/client-cloudwatch',
    protocol: 'rpc-v2-cbor',
    config: { protocol: AwsSmithyRpcV2CborProtocol },
  },
  {
    service: 'cloudwatch',
    client: '@aws-sdk/client-cloudwatch',
    protocol: 'query',
    config: { protocol: AwsQueryProtocol },
    // A form cannot hold a structure without members.
    input: { EvaluationWindow: omit },
  },
];

for (const suite of suites) {
  test(`every operation of ${suite.service} passes unchanged over ${suite.protocol}`, async (t) => {
    const contract = loadContract(suite.service);
    const module: any = await import(suite.client);
    const server = await startWireServer(contract);
    t.after(() => server.close());
    const Client = module[Object.keys(module).find((name) => name.endsWith('Client') && name !== '__Client')!];
    const client = new Client({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      disableHostPrefix: true,
      disableRequestCompression: true,
      ...suite.config,
    });
    const failures: string[] = [];
    for (const operation of contract.operations.values()) {
      const input = new Sampler(suite.input ?? {}).structure(NormalizedSchema.of(operation.input));
      const output = new Sampler(suite.output ?? {}).structure(NormalizedSchema.of(operation.output));
      let call: WireCall | undefined;
      server.answer = (received) => {
        call = received;
        return streamed(operation.output, output);
      };
      try {
        const answer = await client.send(new module[`${operation.name}Command`](structuredClone(input)));
        assert.equal(call?.protocol, suite.protocol);
        assert.equal(call?.operation, operation.name);
        const compare = (actual: object, expected: object, what: string) =>
          assert.deepEqual(
            comparable(without(actual, suite.ignore)),
            comparable(without(expected, suite.ignore)),
            what,
          );
        compare(call!.input, input, 'input');
        compare(await collected(answer), output, 'output');
      } catch (error) {
        failures.push(`${operation.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    client.destroy();
    assert.deepEqual(failures, []);
  });
}

/** Event streams are sampled as lists; the protocol wants them as they come. */
function streamed(schema: any, output: Record<string, unknown>): object {
  const name = NormalizedSchema.of(schema).getEventStreamMember();
  if (name === '') return output;
  return {
    ...output,
    [name]: (async function* () {
      yield* output[name] as object[];
    })(),
  };
}

/** What the client returned, with streams read to their ends. */
async function collected(answer: Record<string, any>): Promise<Record<string, unknown>> {
  const { $metadata, ...rest } = answer;
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value?.transformToByteArray === 'function') rest[name] = await value.transformToByteArray();
    else if (typeof value?.[Symbol.asyncIterator] === 'function') {
      const events: unknown[] = [];
      for await (const event of value) events.push(event);
      rest[name] = events;
    }
  }
  return rest;
}

function without(record: object, names: readonly string[] = []): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** Bytes as hexadecimal, without prototypes and absent members. */
function comparable(value: any): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, comparable(item)]),
  );
}

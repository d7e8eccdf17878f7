// A queue and a function in memory, behind the calls that pollers make, with time that tests set.
import type { AwsError } from '../../core/errors.ts';
import { createLogger } from '../../core/logger.ts';
import { ManualClock, turns } from '../../core/testing/manual-clock.ts';
import type { ServiceCall, UnattendedCall } from '../../services/service.ts';
import type { MappingMetric, PolledMapping, PollerParts } from '../event-source.ts';

export interface FakeMessage {
  id: string;
  body: string;
  group?: string;
  attributes?: Record<string, string>;
  messageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }>;
}

interface Held extends FakeMessage {
  visibleAt: number;
  receives: number;
}

/** One invocation that runs until the test ends it. */
export interface Running {
  event: { Records: Record<string, any>[] };
  call: UnattendedCall;
  bodies: string[];
  /** Ends it with this answer. */
  answer(value: unknown): Promise<void>;
  fail(): Promise<void>;
}

export const account = '123456789012';
export const region = 'eu-west-1';
export const queueArn = `arn:aws:sqs:${region}:${account}:q`;
export const role = `arn:aws:iam::${account}:role/r`;

export class FakeAws {
  readonly clock = new ManualClock({ start: 0 });
  readonly counts: Partial<Record<MappingMetric, number>> = {};
  /** Names of operations in the order of calls. */
  readonly calls: string[] = [];
  readonly invocations: Running[] = [];
  messages: Held[] = [];
  visibilityMs = 30_000;
  timeoutSeconds = 3;
  /** Thrown by the operation of that name as long as it is there. */
  readonly faults: Record<string, AwsError | undefined> = {};
  /** Answers each invocation at once; absent: tests do it. */
  handler: ((event: Running['event']) => unknown) | undefined;
  #wake: Set<() => void> = new Set();

  readonly parts: PollerParts = {
    call: (as) => this.#as(as),
    clock: this.clock,
    log: createLogger('silent'),
    metrics: {
      add: (_mapping, metric, value) => {
        this.counts[metric] = (this.counts[metric] ?? 0) + value;
      },
    },
  };

  /** Receives that wait for messages. */
  get waiting(): number {
    return this.#wake.size;
  }

  get running(): Running[] {
    return this.invocations.filter((each) => !this.#ended.has(each));
  }

  readonly #ended = new Set<Running>();

  mapping(settings: PolledMapping['settings'] = {}, kind = 'sqs'): PolledMapping {
    return {
      account,
      region,
      uuid: 'uuid',
      kind,
      functionArn: `arn:aws:lambda:${region}:${account}:function:f`,
      settings: { EventSourceArn: queueArn, BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ...settings },
    };
  }

  async send(...messages: (FakeMessage | string)[]): Promise<void> {
    for (const each of messages) {
      const message = typeof each === 'string' ? { id: `id-${each}`, body: each } : each;
      this.messages.push({ ...message, visibleAt: 0, receives: 0 });
    }
    for (const wake of [...this.#wake]) wake();
    await turns();
  }

  #as(as: UnattendedCall): ServiceCall {
    return (async (_service: string, operation: string, input: any) => {
      this.calls.push(operation);
      const fault = this.faults[operation];
      if (fault !== undefined) throw fault;
      switch (operation) {
        case 'GetFunctionConfiguration':
          return { Role: role, Timeout: this.timeoutSeconds };
        case 'GetQueueUrl':
          return { QueueUrl: 'url' };
        case 'GetQueueAttributes':
          return { Attributes: { VisibilityTimeout: `${this.visibilityMs / 1000}` } };
        case 'ReceiveMessage':
          return { Messages: await this.#receive(as, input.MaxNumberOfMessages, input.WaitTimeSeconds) };
        case 'DeleteMessageBatch': {
          const handles = new Set(input.Entries.map((entry: { ReceiptHandle: string }) => entry.ReceiptHandle));
          this.messages = this.messages.filter((message) => !handles.has(handleOf(message)));
          for (const wake of [...this.#wake]) wake();
          return { Successful: [], Failed: [] };
        }
        case 'Invoke':
          return this.#invoke(as, input.Payload);
        default:
          throw new Error(operation);
      }
    }) as ServiceCall;
  }

  async #receive(as: UnattendedCall, count: number, waitSeconds: number) {
    const until = this.clock.now() + waitSeconds * 1000;
    for (;;) {
      if (as.signal?.aborted) return undefined;
      const taken = this.#take(count);
      if (taken.length > 0) return taken;
      if (this.clock.now() >= until) return undefined;
      await new Promise<void>((resolve) => {
        const next = Math.min(
          until,
          ...this.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > this.clock.now()),
        );
        const wake = () => {
          cancel();
          this.#wake.delete(wake);
          as.signal?.removeEventListener('abort', wake);
          resolve();
        };
        const cancel = this.clock.after(next - this.clock.now(), wake);
        this.#wake.add(wake);
        as.signal?.addEventListener('abort', wake);
      });
    }
  }

  #take(count: number) {
    const now = this.clock.now();
    const busy = new Set(
      this.messages.filter(({ visibleAt }) => visibleAt > now).map(({ group }) => group ?? Symbol()),
    );
    const taken = this.messages
      .filter(({ visibleAt, group }) => visibleAt <= now && !(group !== undefined && busy.has(group)))
      .slice(0, count);
    for (const message of taken) {
      message.visibleAt = now + this.visibilityMs;
      message.receives++;
    }
    return taken.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: handleOf(message),
      Body: message.body,
      MD5OfBody: 'md5',
      Attributes: {
        SenderId: 'sender',
        ApproximateReceiveCount: `${message.receives}`,
        ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
        ...message.attributes,
      },
      ...(message.messageAttributes === undefined
        ? {}
        : { MessageAttributes: message.messageAttributes, MD5OfMessageAttributes: 'md5a' }),
    }));
  }

  async #invoke(call: UnattendedCall, payload: Buffer) {
    const event = JSON.parse(payload.toString());
    const bodies = event.Records.map((record: { body: string }) => record.body);
    const asPayload = (value: unknown) => ({
      StatusCode: 200,
      Payload: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value ?? null)),
    });
    return new Promise((resolve) => {
      const end = async (answer: object) => {
        this.#ended.add(running);
        resolve(answer);
        await turns();
      };
      const running: Running = {
        event,
        call,
        bodies,
        answer: (value) => end(asPayload(value)),
        fail: () => end({ ...asPayload({ errorMessage: 'x' }), FunctionError: 'Unhandled' }),
      };
      this.invocations.push(running);
      if (this.handler !== undefined) void running.answer(this.handler(event));
    });
  }
}

const handleOf = ({ id, receives }: Held) => `${id}#${receives}`;

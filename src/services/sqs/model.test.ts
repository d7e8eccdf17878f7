// Random sequences of operations against a small reference, with the time in the test's hands.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AwsError } from '../../core/errors.ts';
import type { Database } from '../../storage/index.ts';
import { type ReferenceMessage, ReferenceQueue } from './reference.ts';
import { startSqs } from './sqs-under-test.ts';

const steps = 2_500;

/** Mulberry32: small, and the same for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A handle that was given out, and which delivery it stands for. */
interface Given {
  handle: string;
  message: ReferenceMessage;
  from: ReferenceQueue;
}

async function runSequence(t: TestContext, fifo: boolean, seed: number): Promise<void> {
  const { call, clock, create, database, restart } = await startSqs(t);
  const random = randomOf(seed);
  const suffix = fifo ? '.fifo' : '';
  const attributes: Record<string, string> = fifo ? { FifoQueue: 'true' } : {};
  const timing = { fifo, visibilityMs: 10_000, delayMs: 2_000, retentionMs: 120_000 };
  const deadReference = new ReferenceQueue({ ...timing, delayMs: 0, retentionMs: 600_000 });
  const reference = new ReferenceQueue({ ...timing, deadLetters: { queue: deadReference, maxReceiveCount: 3 } });
  const deadUrl = await create(`dead${suffix}`, {
    ...attributes,
    VisibilityTimeout: '10',
    MessageRetentionPeriod: '600',
  });
  const url = await create(`live${suffix}`, {
    ...attributes,
    VisibilityTimeout: '10',
    DelaySeconds: '2',
    MessageRetentionPeriod: '120',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:eu-west-1:123456789012:dead${suffix}`,
      maxReceiveCount: 3,
    }),
  });
  const queues = [
    { url, reference },
    { url: deadUrl, reference: deadReference },
  ];
  let given: Given[] = [];
  let bodies = 0;

  const send = async () => {
    const now = clock.now();
    const entries = Array.from({ length: 1 + random(4) }, (_, index) => {
      const body = `m${++bodies}`;
      const group = `g${random(3)}`;
      const deduplication = `d${random(10) === 0 ? random(20) : `-${bodies}`}`;
      const delay = fifo || random(3) > 0 ? undefined : random(6);
      return { index, body, group, deduplication, delay };
    });
    await call('SendMessageBatch', {
      QueueUrl: url,
      Entries: entries.map(({ index, body, group, deduplication, delay }) => ({
        Id: String(index),
        MessageBody: body,
        DelaySeconds: delay,
        ...(fifo ? { MessageGroupId: group, MessageDeduplicationId: deduplication } : {}),
      })) as never,
    });
    for (const { body, group, deduplication, delay } of entries) {
      reference.send(
        now,
        body,
        fifo ? group : undefined,
        fifo ? deduplication : undefined,
        delay === undefined ? undefined : delay * 1000,
      );
    }
  };

  const receive = async () => {
    const { url: from, reference: queue } = queues[random(4) === 0 ? 1 : 0]!;
    const now = clock.now();
    const max = 1 + random(10);
    const visibility = random(3) === 0 ? random(20) : undefined;
    const { Messages: messages = [] } = await call('ReceiveMessage', {
      QueueUrl: from,
      MaxNumberOfMessages: max,
      VisibilityTimeout: visibility,
      MessageSystemAttributeNames: ['All'],
    });
    // Dead letters that stood before what was received have been moved; with fewer than asked for, all that can be.
    let eligible = queue.deliverable(now);
    const wanted = new Set(messages.map(({ Body }) => Body));
    const alive = eligible.filter((message) => !queue.isDead(message));
    const reachable = fifo ? queue.deliverable(now).filter((message) => wanted.has(message.body)) : alive;
    for (const message of messages) {
      assert.ok(reachable.some(({ body }) => body === message.Body) || fifo, `${message.Body} could not be received`);
    }
    if (fifo) {
      // Within each group, exactly the first ones that are not dead.
      for (;;) {
        const dead = queue
          .deliverable(now)
          .find((message) => queue.isDead(message) && touches(queue, message, messages.length < max, wanted, now));
        if (dead === undefined) break;
        queue.moveToDeadLetters(now, dead);
      }
      // Whether a group of nothing but dead letters was looked at is told by no answer.
      const held = queue.deliverable(now).some((message) => queue.isDead(message))
        ? await bodiesIn(database(), `live${suffix}`)
        : [];
      for (const message of queue.deliverable(now)) {
        if (held instanceof Set && queue.isDead(message) && !held.has(message.body))
          queue.moveToDeadLetters(now, message);
      }
      eligible = queue.deliverable(now);
      for (const group of new Set(eligible.map((message) => message.group))) {
        const inOrder = eligible.filter((message) => message.group === group).map(({ body }) => body);
        const got = messages.map(({ Body }) => Body!).filter((body) => inOrder.includes(body));
        assert.deepEqual(got, inOrder.slice(0, got.length), `order of ${group}`);
      }
      const live = eligible.filter((message) => !queue.isDead(message));
      assert.equal(messages.length, Math.min(max, live.length), 'as many as there are');
    } else {
      assert.equal(messages.length, Math.min(max, alive.length), 'as many as there are');
      // Those that have been visible longest come first; dead ones before the last of them are gone.
      const byAge = [...eligible].sort((a, b) => a.visibleAt - b.visibleAt || age(a) - age(b));
      let left = messages.length;
      const expected: string[] = [];
      for (const message of byAge) {
        if (left === 0 && messages.length === max) break;
        if (queue.isDead(message)) queue.moveToDeadLetters(now, message);
        else {
          expected.push(message.body);
          left--;
        }
      }
      assert.deepEqual(
        messages.map(({ Body }) => Body),
        expected,
      );
    }
    for (const message of messages) {
      const known = queue.messages.find(({ body }) => body === message.Body)!;
      assert.ok(known, `${message.Body} is in the queue`);
      queue.receive(now, known, visibility === undefined ? 10_000 : visibility * 1000, message.ReceiptHandle!);
      assert.equal(message.Attributes?.ApproximateReceiveCount, String(known.receiveCount));
      assert.equal(message.Attributes?.SentTimestamp, String(known.sent));
      given.push({ handle: message.ReceiptHandle!, message: known, from: queue });
    }
  };

  const useHandle = async (change: boolean) => {
    if (given.length === 0) return;
    const index = random(Math.min(given.length, 12));
    const [{ handle, message, from }] = given.splice(given.length - 1 - index, 1) as [Given];
    const now = clock.now();
    from.expire(now);
    const there = from.messages.includes(message);
    const current = there && message.handle === handle && message.visibleAt > now;
    const target = { QueueUrl: queues.find(({ reference: each }) => each === from)!.url, ReceiptHandle: handle };
    const outcome = async (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error) => (error instanceof AwsError ? error.code : Promise.reject(error)),
      );
    // Rows that have expired may still be there for a while: nobody can receive them.
    if (!there) {
      await outcome(
        change ? call('ChangeMessageVisibility', { ...target, VisibilityTimeout: 5 }) : call('DeleteMessage', target),
      );
      return;
    }
    if (!change) {
      const expected = fifo && !current ? 'InvalidParameterValueException' : 'done';
      assert.equal(await outcome(call('DeleteMessage', target)), expected);
      if (expected === 'done') from.messages = from.messages.filter((each) => each !== message);
      return;
    }
    const seconds = random(3) === 0 ? 0 : random(15);
    const expected =
      fifo && !current ? 'InvalidParameterValueException' : message.inFlight ? 'done' : 'MessageNotInflight';
    assert.equal(await outcome(call('ChangeMessageVisibility', { ...target, VisibilityTimeout: seconds })), expected);
    if (expected !== 'done') return;
    message.visibleAt = now + seconds * 1000;
    message.inFlight = seconds > 0;
  };

  const count = async () => {
    for (const { url: each, reference: queue } of queues) {
      const { Attributes: told } = await call('GetQueueAttributes', { QueueUrl: each, AttributeNames: ['All'] });
      const { visible, inFlight, delayed } = queue.counts(clock.now());
      assert.deepEqual(
        [
          told?.ApproximateNumberOfMessages,
          told?.ApproximateNumberOfMessagesNotVisible,
          told?.ApproximateNumberOfMessagesDelayed,
        ],
        [String(visible), String(inFlight), String(delayed)],
      );
    }
  };

  let lastPurge = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    const choice = random(100);
    if (choice < 25) await send();
    else if (choice < 55) await receive();
    else if (choice < 72) await useHandle(false);
    else if (choice < 82) await useHandle(true);
    else if (choice < 99) clock.jump(random(20) === 0 ? random(60_000) : random(4_000));
    else if (clock.now() - lastPurge >= 60_000) {
      lastPurge = clock.now();
      await call('PurgeQueue', { QueueUrl: url });
      reference.purge();
      given = given.filter(({ from }) => from !== reference);
    }
    if (step % 600 === 599) await restart();
    await count();
  }
}

/** The bodies that a queue holds, whether or not anybody can receive them. */
async function bodiesIn(database: Database, queue: string): Promise<Set<string>> {
  const rows = await database.all<{ body: string }>(
    `SELECT c.body FROM sqs_queue q JOIN sqs_message m ON m.message_set = q.message_set
       JOIN sqs_content c ON c.id = m.id WHERE q.name = ?`,
    queue,
  );
  return new Set(rows.map(({ body }) => body));
}

const age = ({ body }: ReferenceMessage) => Number(body.slice(1));

/** Whether a FIFO receive came as far as this dead letter: it stands before one that was received, or all were looked at. */
function touches(
  queue: ReferenceQueue,
  dead: ReferenceMessage,
  exhausted: boolean,
  received: ReadonlySet<string | undefined>,
  now: number,
): boolean {
  if (exhausted) return true;
  const group = queue.deliverable(now).filter((message) => message.group === dead.group);
  return group.slice(group.indexOf(dead)).some(({ body }) => received.has(body));
}

for (const fifo of [false, true]) {
  for (let run = 0; run < 2; run++) {
    const seed = Number(process.env['SQS_MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    test(`a ${fifo ? 'FIFO' : 'standard'} queue does what its reference does (SQS_MODEL_SEED=${seed})`, (t) =>
      runSequence(t, fifo, seed));
  }
}

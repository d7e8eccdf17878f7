import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon, openMetrics } from './metrics-under-test.ts';
import { processGauges, prometheusText } from './prometheus.ts';

interface Parsed {
  types: Map<string, string>;
  samples: Map<string, number>;
}

const samplePattern =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;

/** Reads text format 0.0.4 and throws at what a strict reader would refuse. */
function parseStrictly(text: string): Parsed {
  assert.ok(text === '' || text.endsWith('\n'));
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  let family = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment !== null) {
      if (comment[1] === 'TYPE') {
        assert.equal(comment[2], family);
        assert.ok(['counter', 'gauge', 'summary', 'histogram', 'untyped'].includes(comment[3]!));
        types.set(family, comment[3]!);
      } else {
        assert.ok(!types.has(comment[2]!), `${comment[2]} comes in one piece`);
        family = comment[2]!;
      }
      continue;
    }
    const match = samplePattern.exec(line);
    assert.ok(match !== null, `a sample: ${line}`);
    const suffixes = types.get(family) === 'summary' ? ['', '_sum', '_count'] : [''];
    assert.ok(
      suffixes.some((suffix) => match[1] === family + suffix),
      `${line} is of ${family}`,
    );
    const key = `${match[1]}{${match[2] ?? ''}}`;
    assert.ok(!samples.has(key), `${key} comes once`);
    assert.ok(Number.isFinite(Number(match[3])), line);
    samples.set(key, Number(match[3]));
  }
  return { types, samples };
}

test('what functions and queues did is told by account, region and name', async (t) => {
  const { sink, close } = await openMetrics();
  t.after(close);
  const add = (namespace: string, name: string, dimensions: [string, string][], unit: string, value: number) =>
    sink.add('123456789012', 'eu-west-1', namespace, name, dimensions, unit, value, noon);
  const f: [string, string][] = [['FunctionName', 'f']];
  for (const dimensions of [f, [...f, ['Resource', 'f:live']] as [string, string][], []]) {
    add('AWS/Lambda', 'Invocations', dimensions, 'Count', 1);
    add('AWS/Lambda', 'Invocations', dimensions, 'Count', 1);
    add('AWS/Lambda', 'Errors', dimensions, 'Count', 0);
    add('AWS/Lambda', 'Duration', dimensions, 'Milliseconds', 1.5);
    add('AWS/Lambda', 'Duration', dimensions, 'Milliseconds', 2);
    add('AWS/Lambda', 'ConcurrentExecutions', dimensions, 'Count', 7);
    add('AWS/Lambda', 'ConcurrentExecutions', dimensions, 'Count', 3);
  }
  add('AWS/Lambda', 'UnreservedConcurrentExecutions', [], 'Count', 4);
  add('AWS/SQS', 'NumberOfMessagesSent', [['QueueName', 'a"b\\c\nd']], 'Count', 5);
  add('AWS/SQS', 'ApproximateNumberOfMessagesVisible', [['QueueName', 'q']], 'Count', 12);
  add('AWS/SQS', 'SentMessageSize', [['QueueName', 'q']], 'Bytes', 100);
  add('App', 'Custom', [], 'Count', 1);
  const { types, samples } = parseStrictly(prometheusText(sink, [], noon + 60_000));
  const own = 'account="123456789012",region="eu-west-1"';
  assert.deepEqual(Object.fromEntries(samples), {
    [`lambent_lambda_concurrent_executions{${own},function="f"}`]: 3,
    [`lambent_lambda_duration_milliseconds_sum{${own},function="f"}`]: 3.5,
    [`lambent_lambda_duration_milliseconds_count{${own},function="f"}`]: 2,
    [`lambent_lambda_errors_total{${own},function="f"}`]: 0,
    [`lambent_lambda_invocations_total{${own},function="f"}`]: 2,
    [`lambent_lambda_unreserved_concurrent_executions{${own}}`]: 4,
    [`lambent_sqs_messages_sent_total{${own},queue="a\\"b\\\\c\\nd"}`]: 5,
    [`lambent_sqs_messages_visible{${own},queue="q"}`]: 12,
    [`lambent_sqs_sent_message_size_bytes_sum{${own},queue="q"}`]: 100,
    [`lambent_sqs_sent_message_size_bytes_count{${own},queue="q"}`]: 1,
  });
  assert.equal(types.get('lambent_lambda_invocations_total'), 'counter');
  assert.equal(types.get('lambent_lambda_duration_milliseconds'), 'summary');
  assert.equal(types.get('lambent_sqs_messages_visible'), 'gauge');
  const later = parseStrictly(prometheusText(sink, [], noon + 3_600_000));
  assert.ok(!later.types.has('lambent_sqs_messages_visible'), 'a gauge of long ago is not told');
  assert.ok(later.types.has('lambent_lambda_invocations_total'));
});

test('the process tells of itself', async (t) => {
  const { sink, close } = await openMetrics();
  t.after(close);
  const gauges = [
    ...processGauges(noon),
    { name: 'lambent_environments', help: 'a\nb', labels: { state: 'idle' }, value: 2 },
  ];
  const { types, samples } = parseStrictly(prometheusText(sink, gauges, noon));
  assert.equal(samples.get('process_start_time_seconds{}'), noon / 1000);
  assert.equal(samples.get('lambent_environments{state="idle"}'), 2);
  assert.equal(types.get('process_cpu_seconds_total'), 'counter');
  assert.ok(samples.get('process_resident_memory_bytes{}')! > 1e6);
});

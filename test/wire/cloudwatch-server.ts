// What the wire tests of CloudWatch's metrics share: a server of their own, its client, and short ways to put and read.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { readConfig } from '../../src/config.ts';
import { type LambentServer, startServer } from '../../src/main.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'lambent-wire-cloudwatch-'));
export const account = '123456789012';
export let server: LambentServer;
export let client: cloudwatch.CloudWatchClient;

async function start(): Promise<void> {
  const config = readConfig({ port: 0, dataDir, isolation: 'process', prebooted: 0, logLevel: 'silent' }, {});
  server = await startServer(config, () => {});
  client = new cloudwatch.CloudWatchClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
}

before(start);
after(async () => {
  client.destroy();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

/** A whole minute, far enough back that nothing of it is in the future. */
export const base = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
export const at = (minutes: number) => new Date(base + minutes * 60_000);

export const put = (namespace: string, ...data: cloudwatch.MetricDatum[]) =>
  client.send(new cloudwatch.PutMetricDataCommand({ Namespace: namespace, MetricData: data }));

export const statistics = (changes: Partial<cloudwatch.GetMetricStatisticsCommandInput>) =>
  client.send(
    new cloudwatch.GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'Latency',
      StartTime: at(0),
      EndTime: at(10),
      Period: 60,
      Statistics: ['Sum'],
      ...changes,
    }),
  );

export const data = (
  queries: cloudwatch.MetricDataQuery[],
  changes: Partial<cloudwatch.GetMetricDataCommandInput> = {},
) =>
  client.send(
    new cloudwatch.GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: at(0),
      EndTime: at(10),
      ScanBy: 'TimestampAscending',
      ...changes,
    }),
  );

export const stat = (namespace: string, name: string, statistic = 'Sum', period = 60): cloudwatch.MetricStat => ({
  Metric: { Namespace: namespace, MetricName: name },
  Period: period,
  Stat: statistic,
});

/** Stops the server and starts it anew over the same folder. */
export async function restart(): Promise<void> {
  client.destroy();
  await server.stop();
  await start();
}

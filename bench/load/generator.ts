// The load generator's process: keeps connections busy for a while, and reports how it went. Told what to do over IPC.
import { percentile } from '../statistics.ts';
import { HttpConnection } from './http-connection.ts';
import type { LoadOrder, LoadReport } from './load.ts';

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (report) => process.send!(report),
    (error: Error) => process.send!({ error: error.message }),
  );
});

async function run({
  port,
  request,
  connections,
  warmUpMs,
  durationMs,
  requests = Number.POSITIVE_INFINITY,
  status: good = 200,
}: LoadOrder): Promise<LoadReport> {
  const bytes = Buffer.from(request);
  const opened = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const countFrom = performance.now() + warmUpMs;
  const stopAt = countFrom + durationMs;
  const latencies: number[] = [];
  let failures = 0;
  let firstFailure: string | undefined;
  let lastEnd = 0;
  let sent = 0;

  const keepBusy = (connection: HttpConnection) =>
    new Promise<void>((resolve, reject) => {
      const next = () => {
        const startedAt = performance.now();
        if (startedAt >= stopAt || sent >= requests) return resolve();
        sent++;
        connection.send(
          bytes,
          ({ status, body }) => {
            const now = performance.now();
            if (status !== good) {
              failures++;
              firstFailure ??= `${status} ${body.slice(0, 300)}`;
            }
            if (now >= countFrom) {
              latencies.push(now - startedAt);
              lastEnd = now;
            }
            next();
          },
          reject,
        );
      };
      next();
    });
  await Promise.all(opened.map(keepBusy));
  for (const connection of opened) connection.close();
  return {
    perSecond: (latencies.length / (lastEnd - countFrom)) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    requests: latencies.length,
    failures,
    firstFailure,
  };
}

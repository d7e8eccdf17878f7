// java: from the request of a function in Java that never ran to the first byte of its answer, ahead of need and not.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findInterpreters } from '../../src/execution/index.ts';
import { javaTools } from '../../test/runtimes/java-tools.ts';
import { compileJava } from '../../test/runtimes/matrix-functions.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, percentile, ratio, rounded } from '../statistics.ts';
import { memoryMib } from '../targets/lambent.ts';

const samples = 20;
/** Functions invoked before, so that the server's own code is compiled. */
const warmUps = 3;
/** Between samples, so that the pool of started JVMs is full again. */
const pauseMs = 1500;

const source = `
package example;
import com.amazonaws.services.lambda.runtime.*;
import java.util.Map;
public class Echo implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) { return event; }
}`;
const hello = 'public class Hello { public static void main(String[] a) { System.out.println("Hello"); } }';

export const java: Bench = {
  name: 'java',
  about: `first byte of a Java function never run, p50 of ${samples}, against bare java Hello`,
  async run(context) {
    const tools = await javaTools();
    const found = (await findInterpreters({ dataDir: tmpdir(), env: process.env }).list()).filter(
      ({ family }) => family === 'java',
    );
    const versions = 'missing' in tools ? [] : [...new Set(found.map(({ version }) => version[0]!))];
    if (versions.length === 0) context.say(`left out: ${'missing' in tools ? tools.missing : 'there is no Java'}`);
    for (const major of versions.filter((version) => [8, 11, 17, 21, 25].includes(version))) {
      const { executable } = found.find(({ version }) => version[0] === major)!;
      const { javac, libraries } = tools as { javac: string; libraries: string };
      await measure(
        context,
        `java${major}`,
        executable,
        compileJava(javac, libraries, { 'example/Echo.java': source }),
      );
    }
  },
};

async function measure(context: BenchContext, runtime: string, executable: string, code: Buffer): Promise<void> {
  context.say(`${runtime}: ${samples} cold starts, ahead of need`);
  const ahead = await coldStarts(context, runtime, code, {});
  context.say(`${runtime}: ${samples} cold starts of a JVM for the function alone`);
  const alone = await coldStarts(context, runtime, code, { JAVA_TOOL_OPTIONS: '-Dbench=1' });
  context.say(`${runtime}: ${samples} starts of bare java`);
  const bare = await bareStarts(executable);
  context.emit({
    name: `java-${runtime}`,
    unit: 'ms p50',
    lambent: rounded(median(ahead)),
    limit: rounded(median(bare)),
    ratio_to_limit: ratio(median(ahead), median(bare)),
    peers: {},
    goal: 'ratio_to_limit < 1',
    p99: rounded(percentile(ahead, 0.99)),
    limit_p99: rounded(percentile(bare, 0.99)),
    alone_p50: rounded(median(alone)),
    alone_p99: rounded(percentile(alone, 0.99)),
    pacing_ms: pauseMs,
    samples,
    memory_mib: memoryMib,
  });
}

async function coldStarts(context: BenchContext, runtime: string, code: Buffer, variables: Record<string, string>) {
  const lambent = await context.lambent();
  const names = Array.from({ length: warmUps + samples }, (_, index) => `cold-${index}`);
  const built = { handler: 'example.Echo::handleRequest', code };
  for (const name of names)
    await lambent.create({ name, runtime, source: '', built, variables: { ...variables, name } });
  await sleep(5000);
  const connection = await HttpConnection.open(lambent.port);
  const times: number[] = [];
  for (const name of names) {
    const request = await lambent.request(name, Buffer.from('{"key":"value"}'));
    const startedAt = performance.now();
    const answer = await connection.exchange(request);
    times.push(answer.firstByteAt - startedAt);
    if (answer.status !== 200 || answer.body !== '{"key":"value"}') throw new Error(`${name}: ${answer.body}`);
    await sleep(pauseMs);
  }
  connection.close();
  await lambent.stop();
  return times.slice(warmUps);
}

/** From the start to the end of a JVM that prints one word, with the class data that every JVM shares. */
async function bareStarts(executable: string): Promise<number[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambent-bench-'));
  try {
    writeFileSync(path.join(folder, 'Hello.java'), hello);
    execFileSync(path.join(path.dirname(executable), 'javac'), ['Hello.java'], { cwd: folder });
    const times: number[] = [];
    for (let count = 0; count < samples; count++) {
      const startedAt = performance.now();
      await new Promise((resolve) =>
        spawn(executable, ['-cp', folder, 'Hello'], { stdio: 'ignore' }).once('exit', resolve),
      );
      times.push(performance.now() - startedAt);
      await sleep(100);
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

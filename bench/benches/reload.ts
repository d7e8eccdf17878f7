// reload: from the write of a file to the first answer of the changed code, under `lambent dev`.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchContext } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, percentile, rounded } from '../statistics.ts';

const samples = 30;
const warmUps = 3;
/** Between saves, as by a quick person. */
const pauseMs = 500;
const readyLimitMs = 60_000;
const launcher = resolve(import.meta.dirname, '../../bin/lambent');
const payload = Buffer.from('{}');

interface Project {
  name: string;
  about: string;
  file: string;
  source(answer: number): string;
  /** Files in node_modules. */
  packages: number;
}

const script = (answer: number) => `export const handler = async () => ${answer};\n`;
const typescript = (answer: number) =>
  `export const handler = async (event: { n?: number }): Promise<number> => (event.n ?? 0) + ${answer};\n`;

const projects: Project[] = [
  { name: 'reload-node', about: 'one file', file: 'index.mjs', source: script, packages: 0 },
  { name: 'reload-3000-files', about: '3,000 files beside it', file: 'index.mjs', source: script, packages: 3000 },
  { name: 'reload-typescript', about: 'bundled', file: 'index.ts', source: typescript, packages: 0 },
];

export const reload: Bench = {
  name: 'reload',
  about: `from a save to the first answer of the changed code, p50 and p99 of ${samples}`,
  async run(context) {
    for (const project of projects) await measure(context, project);
  },
};

async function measure(context: BenchContext, project: Project): Promise<void> {
  context.say(`${project.name}: ${samples} saves`);
  const lambent = await context.lambent();
  const root = mkdtempSync(join(tmpdir(), 'lambent-bench-reload-'));
  const folder = join(root, 'reload');
  mkdirSync(folder);
  writePackages(folder, project.packages);
  const file = join(folder, project.file);
  writeFileSync(file, project.source(0));
  const stop = await follow(folder, lambent.port);
  try {
    const connection = await HttpConnection.open(lambent.port);
    const request = await lambent.request('reload', payload);
    const times: number[] = [];
    for (let answer = 1; answer <= warmUps + samples; answer++) {
      await sleep(pauseMs);
      const startedAt = performance.now();
      writeFileSync(file, project.source(answer));
      let told = '';
      while (told !== String(answer)) {
        if (performance.now() - startedAt > readyLimitMs) throw new Error(`${project.name}: still ${told}`);
        told = (await connection.exchange(request)).body;
        if (told !== String(answer)) await sleep(2);
      }
      times.push(performance.now() - startedAt);
    }
    connection.close();
    const counted = times.slice(warmUps);
    context.emit({
      name: project.name,
      unit: 'ms p50',
      lambent: rounded(median(counted)),
      limit: null,
      ratio_to_limit: null,
      peers: {},
      goal: 'p99 < 300',
      p99: rounded(percentile(counted, 0.99)),
      samples,
      function: project.about,
    });
  } finally {
    await stop();
    await lambent.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Ten files for each package, some 900 bytes compressed each. */
function writePackages(folder: string, files: number): void {
  for (let index = 0; index < files; index++) {
    const library = join(folder, 'node_modules', `package-${Math.floor(index / 10)}`, 'lib');
    mkdirSync(library, { recursive: true });
    const numbers = Array.from({ length: 100 }, (_, at) => Math.sin(index * at));
    writeFileSync(join(library, `${index % 10}.js`), `module.exports = ${JSON.stringify(numbers)};\n`);
  }
}

/** Runs `lambent dev`; resolves once it follows the folder, to what ends it. */
function follow(folder: string, port: number): Promise<() => Promise<void>> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const child = spawn(launcher, ['dev', folder, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let output = '';
  return new Promise((done, fail) => {
    const look = (chunk: Buffer) => {
      output += chunk;
      if (!output.includes('"following"')) return;
      child.stdout.off('data', look);
      child.stdout.resume();
      done(async () => {
        child.kill('SIGINT');
        await ended;
      });
    };
    child.stdout.on('data', look);
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    void ended.then(() => fail(new Error(`lambent dev ended: ${output}`)));
  });
}

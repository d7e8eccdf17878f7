// AWS's own runtime interface clients, each of them the bootstrap of a custom runtime, find in Lambent the Runtime API that
// they were written for.
import { keptFolder } from '../kept-folder.ts';
import assert from 'node:assert/strict';
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { create, lambdaClient, settled } from '../wire/lambda-client.ts';
import { type ZipEntry, zipOf } from '../zip.ts';
import { cargoTargetDir } from './cargo.ts';
import { javaTools } from './java-tools.ts';
import { compileJava } from './matrix-functions.ts';

const clients = path.join(import.meta.dirname, 'clients');
const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Why a client cannot be had here. */
class Missing extends Error {}

let server: TestServer;
let client: lambda.LambdaClient;
let root: string;

before(async () => {
  server = await startTestServer();
  client = lambdaClient(server, { requestHandler: { requestTimeout: 60_000 } });
  root = mkdtempSync(path.join(tmpdir(), 'lambent-clients-'));
});
after(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** What a program needs of the network to be built is not the test's business. */
function run(command: string, args: string[], options: SpawnSyncOptions = {}): void {
  const { status, error, stderr } = spawnSync(command, args, { timeout: 280_000, ...options, encoding: 'utf8' });
  if (status !== 0) throw new Missing(`${command}: ${error?.message ?? String(stderr).trim().split('\n').at(-1)}`);
}

/** A folder of its own for a package in the making. */
function folderFor(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  return folder;
}

function packed(folder: string): Buffer {
  const entries: ZipEntry[] = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const mode = entry.name === 'bootstrap' ? 0o100755 : 0o100644;
      return { name: path.relative(folder, file), content: readFileSync(file), mode };
    });
  return zipOf(entries);
}

function bootstrap(folder: string, script: string): Buffer {
  writeFileSync(path.join(folder, 'bootstrap'), `#!/bin/sh\n${script}\n`);
  return packed(folder);
}

const builders: Record<string, () => Promise<Buffer>> = {
  async Go() {
    const folder = folderFor('go');
    const env = { ...process.env, CGO_ENABLED: '0' };
    const source = path.join(clients, 'go');
    run('go', ['build', '-tags', 'lambda.norpc', '-o', path.join(folder, 'bootstrap'), '.'], { cwd: source, env });
    return packed(folder);
  },
  async Rust() {
    const folder = folderFor('rust');
    const env = { ...process.env, CARGO_TARGET_DIR: cargoTargetDir };
    run('cargo', ['build', '--release', '--locked', '--quiet'], { cwd: path.join(clients, 'rust'), env });
    cpSync(path.join(cargoTargetDir, 'release/client'), path.join(folder, 'bootstrap'));
    return packed(folder);
  },
  async Java() {
    const tools = await javaTools();
    if ('missing' in tools) throw new Missing(tools.missing);
    const folder = folderFor('java');
    cpSync(tools.libraries, path.join(folder, 'lib'), { recursive: true });
    const source = readFileSync(path.join(clients, 'Handler.java'), 'utf8');
    writeFileSync(
      path.join(folder, 'lib/function.jar'),
      compileJava(tools.javac, tools.libraries, { 'Handler.java': source }),
    );
    const main = 'com.amazonaws.services.lambda.runtime.api.client.AWSLambda';
    const java = path.join(path.dirname(tools.javac), 'java');
    if (!java.startsWith('/usr/')) throw new Missing(`${java} is not where custom runtimes see it`);
    return bootstrap(folder, `exec ${java} -cp "/var/task/lib/*" ${main} Handler::handleRequest`);
  },
  async Python() {
    const folder = folderFor('python');
    const python = '/usr/bin/python3';
    const asked = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
    if (asked.status !== 0) throw new Missing('there is no Python in /usr/bin');
    const wanted = ['--python-version', asked.stdout.trim(), '--only-binary=:all:', '--target', folder];
    run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...wanted,
      'awslambdaric==4.2.2',
    ]);
    cpSync(path.join(clients, 'app.py'), path.join(folder, 'app.py'));
    return bootstrap(folder, `exec ${python} -m awslambdaric app.handler`);
  },
  async 'Node.js'() {
    const folder = folderFor('node');
    // A minute of compiling C and C++, and a network that has it all: only for who asks for it, and kept for the next run.
    const kept = keptFolder('node-client-4.0.2');
    const installed = path.join(kept, 'node_modules/aws-lambda-ric');
    if (!existsSync(path.join(installed, 'rapid-client.node'))) {
      if (!process.env.LAMBENT_TEST_NODE_CLIENT) {
        throw new Missing('it takes a minute to compile: set LAMBENT_TEST_NODE_CLIENT=1');
      }
      mkdirSync(kept, { recursive: true });
      const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts=false'];
      run('npm', ['install', '--prefix', kept, ...quiet, 'aws-lambda-ric@4.0.2'], { cwd: kept });
    }
    for (const name of ['index.mjs', 'rapid-client.node', 'package.json']) {
      cpSync(path.join(installed, name), path.join(folder, 'client', name));
    }
    cpSync(path.join(clients, 'index.mjs'), path.join(folder, 'index.mjs'));
    const script = 'LAMBDA_TASK_ROOT=/var/task exec /var/lang/bin/node /var/task/client/index.mjs index.handler';
    return bootstrap(folder, script);
  },
};

for (const [language, build] of Object.entries(builders)) {
  describe(`the client for ${language}`, () => {
    let code: Buffer | undefined;
    let why = '';
    before(async () => {
      try {
        code = await build();
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        why = error.message;
      }
    });

    async function deploy(t: TestContext, what: string, timeout: number): Promise<string | undefined> {
      if (code === undefined) {
        t.skip(why);
        return undefined;
      }
      const name = `${language.replace('.', '')}-${what}`;
      const Runtime = 'provided.al2023' as const;
      await create(client, name, { Runtime, Code: { ZipFile: code }, MemorySize: 1024, Timeout: timeout });
      await settled(client, name);
      return name;
    }

    async function invoke(name: string, event: object) {
      const answer = await client.send(
        new lambda.InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
      );
      return { error: answer.FunctionError, json: JSON.parse(Buffer.from(answer.Payload!).toString()) };
    }

    test('takes events with their deadline, and answers, again and again', async (t) => {
      const name = await deploy(t, 'answers', 30);
      if (name === undefined) return;
      for (const text of ['one', 'grüße 日本', 'x'.repeat(1000)]) {
        const { error, json } = await invoke(name, { text });
        assert.equal(error, undefined, JSON.stringify(json));
        assert.deepEqual(json.event, { text });
        assert.match(json.requestId, requestId);
        assert.ok(json.left > 1_000 && json.left <= 30_000, String(json.left));
      }
    });

    test('reports errors, and then goes on', async (t) => {
      const name = await deploy(t, 'throws', 30);
      if (name === undefined) return;
      const { error, json } = await invoke(name, { do: 'throw' });
      assert.deepEqual([error, json.errorMessage], ['Unhandled', 'no such luck'], JSON.stringify(json));
      assert.ok(json.errorType);
      assert.equal((await invoke(name, { text: 'after' })).error, undefined);
    });

    test('takes and gives payloads of nearly six megabytes', async (t) => {
      const name = await deploy(t, 'large', 30);
      if (name === undefined) return;
      const { error, json } = await invoke(name, { do: 'large', text: 'y'.repeat(6_000_000) });
      assert.equal(error, undefined);
      assert.equal(json.length, 6_000_000);
    });
  });
}

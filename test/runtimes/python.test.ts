// The Python runtime behaves as AWS's: loading, context, answers, errors, logs; on each Python version that is here.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pythonBuilds } from './builds.ts';
import { boot, TaskFolder } from './harness.ts';
import { type AssignedFunction, type FunctionSetup, withFunction } from './with-function.ts';

const requestId = 'b1e2c3d4-0000-4000-8000-000000000001';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

for (const { runtime: name, build, reason } of pythonBuilds) {
  const minor = Number(name.slice('python3.'.length));

  describe(name, { skip: build === null && reason }, () => {
    const withCode = (
      code: string,
      check: (fn: AssignedFunction) => Promise<void>,
      setup: Partial<FunctionSetup> = {},
    ) => withFunction(build!, { handler: 'app.handler', ...setup, files: { 'app.py': code, ...setup.files } }, check);

    async function answer(code: string, event: unknown = {}, setup: Partial<FunctionSetup> = {}) {
      let result: any;
      await withCode(
        code,
        async ({ runtime, assigned, task }) => {
          assert.equal(assigned.type, 'ready', assigned.text);
          result = { ...(await runtime.invoke(event)), logs: runtime.logs, task: task.path };
        },
        setup,
      );
      return result;
    }

    async function initError(setup: FunctionSetup) {
      let result: any;
      await withFunction(build!, setup, async ({ runtime, assigned, task }) => {
        assert.equal(assigned.type, 'initError', runtime.stderr);
        const { code } = await runtime.exited;
        result = { ...assigned, logs: runtime.logs, code, task: task.path };
      });
      return result;
    }

    describe('booting', () => {
      test('hands over two listening servers', async () => {
        await using runtime = await boot(build!);
        assert.deepEqual(Object.keys(runtime.servers), ['runtimeApi', 'endpoint']);
        assert.equal(runtime.child.connected, false);
      });

      test('shows the function exactly the environment of its assignment', async () => {
        const code = 'import os\ndef handler(event, context):\n    return dict(os.environ)';
        const { json } = await answer(code, {}, { env: { FOO: 'bar', TZ: ':UTC' } });
        assert.deepEqual(json, { FOO: 'bar', TZ: ':UTC', AWS_EXECUTION_ENV: `AWS_Lambda_${name}` });
      });

      test('searches modules in the order of AWS', async () => {
        const code = 'import os, sys\ndef handler(event, context):\n    return [os.getcwd(), sys.path]';
        const { json, task } = await answer(code, {}, { env: { PYTHONPATH: '/var/runtime' } });
        const [cwd, path] = json;
        assert.equal(cwd, task);
        assert.deepEqual(path.slice(0, 3), [task, `/opt/python/lib/${name}/site-packages`, '/opt/python']);
        const standard = path.findIndex((entry: string) => entry.endsWith(`/${name}`));
        assert.ok(path.indexOf('/var/runtime') > 2 && path.indexOf('/var/runtime') < standard);
      });
    });

    describe('loading', () => {
      const loads = (what: string, files: Record<string, string>, handler: string) =>
        test(`loads ${what}`, async () => {
          await withFunction(build!, { files, handler }, async ({ runtime, assigned }) => {
            assert.equal(assigned.type, 'ready', assigned.text);
            assert.equal((await runtime.invoke({})).json, 'hit');
          });
        });
      const hit = 'def handler(event, context):\n    return "hit"';
      loads('a module', { 'app.py': hit }, 'app.handler');
      loads('a module of a package by dots', { 'src/api/orders.py': hit }, 'src.api.orders.handler');
      loads('a module of a folder by slashes', { 'src/api/orders.py': hit }, 'src/api/orders.handler');

      describe('the SDK while it is being fetched', () => {
        async function withSdkToCome(check: (sdk: string, sdkBuild: NonNullable<typeof build>) => Promise<void>) {
          const folder = mkdtempSync(path.join(tmpdir(), 'lambent-sdk-'));
          const sdk = path.join(folder, 'sdk');
          writeFileSync(`${sdk}.fetching`, '');
          try {
            await check(sdk, { ...build!, hostCommand: [...build!.hostCommand, sdk] });
          } finally {
            rmSync(folder, { recursive: true });
          }
        }
        const importing = {
          // This machine's own boto3, if it has one, would do as well.
          'app.py': `import os, sys
sys.path[:] = [folder for folder in sys.path if not folder.endswith("-packages")]
open(os.environ["ASKED"], "w").close()
import boto3
def handler(event, context): return boto3.whose`,
        };
        const untilThere = async (file: string) => {
          while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
        };

        test('is waited for by a function that imports it', async () => {
          await withSdkToCome(async (sdk, sdkBuild) => {
            using task = new TaskFolder(importing);
            await using runtime = await boot(sdkBuild);
            const assigned = runtime.assign({
              handler: 'app.handler',
              taskRoot: task.path,
              env: { ASKED: `${sdk}.asked` },
            });
            await untilThere(`${sdk}.asked`);
            mkdirSync(`${sdk}.part`);
            writeFileSync(`${sdk}.part/boto3.py`, 'whose = "the runtime"');
            renameSync(`${sdk}.part`, sdk);
            rmSync(`${sdk}.fetching`);
            assert.equal((await assigned).type, 'ready');
            assert.equal((await runtime.invoke({})).json, 'the runtime');
          });
        });

        test('fails the import when it could not be had', async () => {
          await withSdkToCome(async (sdk, sdkBuild) => {
            using task = new TaskFolder(importing);
            await using runtime = await boot(sdkBuild);
            const assigned = runtime.assign({
              handler: 'app.handler',
              taskRoot: task.path,
              env: { ASKED: `${sdk}.asked` },
            });
            await untilThere(`${sdk}.asked`);
            rmSync(`${sdk}.fetching`);
            assert.equal((await assigned).json.errorMessage, "Unable to import module 'app': No module named 'boto3'");
          });
        });

        test('is nothing to a function that does without', async () => {
          await withSdkToCome(async (_sdk, sdkBuild) => {
            await withFunction(sdkBuild, { files: { 'app.py': hit }, handler: 'app.handler' }, async ({ runtime }) => {
              assert.equal((await runtime.invoke({})).json, 'hit');
            });
          });
        });
      });

      loads(
        'a module that imports its neighbours',
        { 'app.py': 'from errors import handler', 'errors.py': hit },
        'app.handler',
      );

      test('names a module that is not there', async () => {
        const { json, head, logs, code } = await initError({ files: {}, handler: 'handler.handler' });
        assert.deepEqual(json, {
          errorMessage: "Unable to import module 'handler': No module named 'handler'",
          errorType: 'Runtime.ImportModuleError',
          requestId: '',
          stackTrace: [],
        });
        assert.deepEqual([head.errorType, head.fatal, code], ['Runtime.ImportModuleError', true, 1]);
        assert.match(logs[0], new RegExp(`^\\[WARNING\\]\t${time}\t\tLAMBDA_WARNING: Unhandled exception\\. `));
        assert.equal(
          logs[1],
          "[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named 'handler'\nTraceback (most recent call last):",
        );
      });

      test('names a package that the code imports and that is not there', async () => {
        const { json } = await initError({ files: { 'app.py': 'import left_pad' }, handler: 'app.handler' });
        assert.equal(json.errorMessage, "Unable to import module 'app': No module named 'left_pad'");
      });

      test('reports a syntax error with its line', async () => {
        const { json, task } = await initError({
          files: { 'app.py': 'def handler(:\n    pass' },
          handler: 'app.handler',
        });
        assert.equal(json.errorType, 'Runtime.UserCodeSyntaxError');
        assert.match(json.errorMessage, /^Syntax error in module 'app': invalid syntax.* \(app\.py, line 1\)$/);
        assert.deepEqual(json.stackTrace, [`  File "${task}/app.py" Line 1\n    def handler(:\n`]);
      });

      test('reports a function that is not there', async () => {
        const { json } = await initError({ files: { 'app.py': '' }, handler: 'app.handler' });
        assert.deepEqual(
          [json.errorType, json.errorMessage],
          ['Runtime.HandlerNotFound', "Handler 'handler' missing on module 'app'"],
        );
      });

      test('reports a handler name without a dot', async () => {
        const { json } = await initError({ files: {}, handler: 'app' });
        assert.equal(json.errorType, 'Runtime.MalformedHandlerName');
        assert.equal(json.errorMessage, "Bad handler 'app': not enough values to unpack (expected 2, got 1)");
      });

      test('refuses the name of a built-in module', async () => {
        const { json } = await initError({ files: {}, handler: 'sys.exit' });
        assert.equal(json.errorType, 'Runtime.BuiltInModuleConflict');
        assert.equal(json.errorMessage, 'Cannot use built-in module sys as a handler module');
      });

      test('reports what the module raises while loading', async () => {
        const { json, logs, task } = await initError({
          files: { 'app.py': 'raise ValueError("boom")' },
          handler: 'app.handler',
        });
        assert.deepEqual([json.errorType, json.errorMessage], ['ValueError', 'boom']);
        assert.equal(
          json.stackTrace.at(-1),
          `  File "${task}/app.py", line 1, in <module>\n    raise ValueError("boom")\n`,
        );
        assert.doesNotMatch(json.stackTrace.join(''), /bootstrap\.py|lambent_runtime/);
        assert.match(logs[1], /^\[ERROR\] ValueError: boom\nTraceback \(most recent call last\):\n/);
        assert.ok(
          logs[1].endsWith(
            `\n\u00a0\u00a0File "${task}/app.py", line 1, in <module>\n\u00a0\u00a0\u00a0\u00a0raise ValueError("boom")`,
          ),
        );
      });
    });

    describe('answering', () => {
      test('returns what the handler returns', async () => {
        const code = 'def handler(event, context):\n    return {"got": event["a"], "list": (1, 2.5, None, True)}';
        const { type, text, head } = await answer(code, { a: 'x' });
        assert.deepEqual([type, text], ['response', '{"got": "x", "list": [1, 2.5, null, true]}']);
        assert.equal(head.requestId, requestId);
        assert.ok(head.maxRssKib > 1000);
      });

      test('writes Unicode as AWS does for this version', async () => {
        const { text, json } = await answer('def handler(event, context):\n    return event', 'ü😀');
        assert.equal(json, 'ü😀');
        assert.equal(text, minor >= 12 ? '"ü😀"' : '"\\u00fc\\ud83d\\ude00"');
      });

      test('writes Decimal with its digits, NaN as NaN, and bytes as text', async () => {
        const code = `from decimal import Decimal
def handler(event, context):
    return {"d": Decimal("1.10"), "n": Decimal("nan"), "f": float("nan"), "i": 3, "g": 2.5, "b": b"abc"}`;
        const { text } = await answer(code);
        assert.equal(text, '{"d": 1.10, "n": NaN, "f": NaN, "i": 3, "g": 2.5, "b": "abc"}');
      });

      test('returns bytes as they are', async () => {
        const { text, head } = await answer('def handler(event, context):\n    return b"raw"');
        assert.deepEqual([text, head.contentType], ['raw', 'application/unknown']);
      });

      test('carries events and results of 6 MB', async () => {
        const event = 'ü'.repeat(1_000_000);
        assert.equal((await answer('def handler(event, context):\n    return event', event)).json, event);
      });

      test('serves one invocation after the other, and keeps what the module holds', async () => {
        const code = 'n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return n';
        await withCode(code, async ({ runtime }) => {
          for (let n = 1; n <= 5; n += 1) assert.equal((await runtime.invoke({})).json, n);
        });
      });

      test('says so when the result is not JSON', async () => {
        const { type, json } = await answer('def handler(event, context):\n    return {"a": object()}');
        assert.equal(type, 'error');
        assert.deepEqual(json, {
          errorMessage: 'Unable to marshal response: Object of type object is not JSON serializable',
          errorType: 'Runtime.MarshalError',
          requestId,
          stackTrace: [],
        });
      });

      test('says so when the event is not UTF-8', async () => {
        const { json } = await answer('def handler(event, context):\n    return 1', Buffer.from([0x22, 0xff, 0x22]));
        assert.equal(json.errorType, 'Runtime.UnmarshalError');
        assert.match(json.errorMessage, /^Unable to unmarshal input: 'utf-8' codec can't decode byte 0xff/);
      });

      test('has the whole context', async () => {
        const code = `import os
def handler(event, c):
    return [c.get_remaining_time_in_millis(), c.aws_request_id, c.function_name, c.function_version, c.invoked_function_arn,
            c.memory_limit_in_mb, c.log_group_name, c.log_stream_name, c.identity.cognito_identity_id,
            c.identity.cognito_identity_pool_id, c.client_context and [c.client_context.custom, c.client_context.env,
            c.client_context.client.app_title], c.tenant_id, os.environ.get("_X_AMZN_TRACE_ID")]`;
        await withCode(code, async ({ runtime }) => {
          const { json } = await runtime.invoke(
            {},
            {
              clientContext: '{"custom":{"k":"v"},"env":{"l":"w"},"client":{"app_title":"shop"}}',
              cognitoIdentity: '{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}',
              tenantId: 'blue',
              traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793',
            },
          );
          assert.ok(json[0] > 2000 && json[0] <= 3000);
          assert.deepEqual(json.slice(1), [
            requestId,
            'orders',
            '$LATEST',
            'arn:aws:lambda:us-east-1:000000000000:function:orders',
            '128',
            '/aws/lambda/orders',
            '2026/10/01/[$LATEST]0123456789abcdef0123456789abcdef',
            'id',
            'pool',
            [{ k: 'v' }, { l: 'w' }, 'shop'],
            'blue',
            'Root=1-5759e988-bd862e3fe1be46a994272793',
          ]);
          const bare = (await runtime.invoke({})).json;
          assert.deepEqual(bare.slice(8), [null, null, null, null, null]);
        });
      });
    });

    describe('failing', () => {
      test('answers with message, type, request id and stack trace, and logs them', async () => {
        const code =
          'class OrderError(Exception):\n    pass\ndef handler(event, context):\n    raise OrderError("lost")';
        const { type, head, json, logs, task } = await answer(code);
        assert.equal(type, 'error');
        assert.deepEqual(json, {
          errorMessage: 'lost',
          errorType: 'OrderError',
          requestId,
          stackTrace: [`  File "${task}/app.py", line 4, in handler\n    raise OrderError("lost")\n`],
        });
        assert.deepEqual([head.errorType, head.fatal], ['OrderError', undefined]);
        assert.equal(
          logs[0],
          `[ERROR] OrderError: lost\nTraceback (most recent call last):\n\u00a0\u00a0File "${task}/app.py", line 4, in handler\n\u00a0\u00a0\u00a0\u00a0raise OrderError("lost")`,
        );
      });

      test('serves on after a failure', async () => {
        const code = 'def handler(event, context):\n    return 1 / event';
        await withCode(code, async ({ runtime }) => {
          assert.equal((await runtime.invoke(0)).json.errorType, 'ZeroDivisionError');
          assert.equal((await runtime.invoke(1)).json, 1);
        });
      });

      test('ends with the code of sys.exit and of os._exit', async () => {
        const code =
          'import os, sys\ndef handler(event, context):\n    print("bye")\n    (sys.exit if event else os._exit)(3)';
        for (const event of [true, false]) {
          await withCode(code, async ({ runtime }) => {
            assert.equal((await runtime.invoke(event)).type, 'closed');
            assert.deepEqual(await runtime.exited, { code: 3, signal: null });
            assert.deepEqual(runtime.logs, ['bye']);
          });
        }
      });

      test('ends when the platform has gone', async () => {
        await using runtime = await boot(build!);
        runtime.frames.destroy();
        assert.deepEqual(await runtime.exited, { code: 0, signal: null });
      });
    });

    describe('logging', () => {
      test('writes what is printed as lines, before the response', async () => {
        const code = `import sys
def handler(event, context):
    print("a", 1)
    print("two\\nlines")
    sys.stderr.write("err\\n")
    print("no line break", end="")`;
        assert.deepEqual((await answer(code)).logs, ['a 1', 'two', 'lines', 'err', 'no line break']);
      });

      test('writes log records with level, time and id, from WARNING on', async () => {
        const code =
          'import logging\ndef handler(event, context):\n    logging.info("no")\n    logging.warning("two\\nlines %s", 1)';
        const { logs } = await answer(code);
        assert.equal(logs.length, 1);
        assert.match(logs[0], new RegExp(`^\\[WARNING\\]\t${time}\t${requestId}\ttwo\nlines 1$`));
      });

      test('leaves the level to the function', async () => {
        const code =
          'import logging\nlogging.getLogger().setLevel("INFO")\ndef handler(event, context):\n    logging.info("yes")';
        assert.match((await answer(code)).logs[0], new RegExp(`^\\[INFO\\]\t${time}\t${requestId}\tyes$`));
      });

      test('writes JSON records from the level on that was chosen', async () => {
        const code = `import logging
log = logging.getLogger("shop")
def handler(event, context):
    log.debug("no")
    log.info("yes ü", extra={"order": 7})
    try:
        1 / 0
    except Exception:
        log.exception("bad")
    raise KeyError("last")`;
        const { logs } = await answer(code, {}, { logFormat: 'JSON', applicationLogLevel: 'INFO' });
        const records = logs.map((line: string) => JSON.parse(line));
        assert.equal(records.length, 3);
        assert.match(records[0].timestamp, new RegExp(`^${time}$`));
        const { timestamp, ...first } = records[0];
        assert.deepEqual(first, { level: 'INFO', message: 'yes ü', logger: 'shop', requestId, order: 7 });
        assert.deepEqual(
          [records[1].level, records[1].errorType, records[1].errorMessage],
          ['ERROR', 'ZeroDivisionError', 'division by zero'],
        );
        assert.match(records[1].location, /app\.py:handler:9$/);
        assert.match(records[1].stackTrace[0], /line 7, in handler/);
        assert.deepEqual(
          [records[2].level, records[2].errorType, records[2].errorMessage],
          ['ERROR', 'KeyError', "'last'"],
        );
      });

      test('lets multiprocessing start children that import the handler module', async () => {
        const code = `import multiprocessing
def double(n, connection):
    connection.send(2 * n)
def handler(event, context):
    spawning = multiprocessing.get_context("spawn")
    mine, theirs = spawning.Pipe()
    child = spawning.Process(target=double, args=(event, theirs))
    child.start()
    result = mine.recv()
    child.join()
    return result`;
        assert.equal((await answer(code, 21)).json, 42);
      });

      test('sends what a child process prints to stdout', async () => {
        const code =
          'import subprocess, sys\ndef handler(event, context):\n    subprocess.run(["/bin/echo", "child"], stdout=sys.stdout)';
        await withCode(code, async ({ runtime }) => {
          assert.equal((await runtime.invoke({})).type, 'response');
          for (let waited = 0; runtime.stdout === '' && waited < 1000; waited += 10)
            await new Promise((r) => setTimeout(r, 10));
          assert.equal(runtime.stdout, 'child\n');
        });
      });
    });
  });
}

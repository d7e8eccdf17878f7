// The Node.js runtime behaves as AWS's: loading, context, answers, errors, logs; on each Node version that is here.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodeBuilds } from './builds.ts';
import { boot } from './harness.ts';
import { type AssignedFunction, type FunctionSetup, withFunction } from './with-function.ts';

const requestId = 'b1e2c3d4-0000-4000-8000-000000000001';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

for (const { runtime: name, build, reason } of nodeBuilds) {
  const legacy = name !== 'nodejs24.x';
  const initId = legacy ? 'undefined' : '-';
  const initLabel = legacy ? 'Uncaught Exception' : 'Init Error';

  describe(name, { skip: build === null && reason }, () => {
    /** A function that is `code` in index.js, or as `setup` says. */
    const withCode = (
      code: string,
      check: (fn: AssignedFunction) => Promise<void>,
      setup: Partial<FunctionSetup> = {},
    ) =>
      withFunction(build!, { handler: 'index.handler', ...setup, files: { 'index.js': code, ...setup.files } }, check);

    async function answer(code: string, event: unknown = {}, setup: Partial<FunctionSetup> = {}) {
      let result: any;
      await withCode(
        code,
        async ({ runtime, assigned }) => {
          assert.equal(assigned.type, 'ready', assigned.text);
          result = { ...(await runtime.invoke(event)), logs: runtime.logs };
        },
        setup,
      );
      return result;
    }

    async function initError(setup: FunctionSetup) {
      let result: any;
      await withFunction(build!, setup, async ({ runtime, assigned }) => {
        assert.equal(assigned.type, 'initError');
        const { code } = await runtime.exited;
        result = { ...assigned, logs: runtime.logs, code };
      });
      return result;
    }

    describe('booting', () => {
      test('hands over two listening servers and leaves nothing of the boot environment', async () => {
        await using runtime = await boot(build!);
        assert.deepEqual(Object.keys(runtime.servers), ['runtimeApi', 'endpoint']);
        assert.equal(runtime.child.connected, false);
        for (const { server, port } of Object.values(runtime.servers)) {
          assert.equal((server.address() as any).port, port);
        }
      });

      test('shows the function exactly the environment of its assignment', async () => {
        const env = { FOO: 'bar', AWS_REGION: 'eu-west-1', NODE_PATH: '/opt/nodejs/node_modules' };
        const { json } = await answer('exports.handler = async () => ({ ...process.env });', {}, { env });
        assert.deepEqual(json, { ...env, AWS_EXECUTION_ENV: `AWS_Lambda_${name}` });
      });

      test('runs in the task folder, with nothing to read on stdin', async () => {
        await withCode(
          'exports.handler = async () => [process.cwd(), require("fs").readFileSync(0, "utf8")];',
          async ({ runtime, task }) => assert.deepEqual((await runtime.invoke({})).json, [task.path, '']),
        );
      });

      test('looks for packages along NODE_PATH', async () => {
        const files = { 'layer/pkg/index.js': 'exports.name = "from layer";' };
        await withFunction(
          build!,
          {
            files: { ...files, 'index.js': 'process.env.NODE_PATH; exports.handler = async () => 1;' },
            handler: 'index.handler',
          },
          async ({ assigned }) => assert.equal(assigned.type, 'ready'),
        );
      });

      test('applies --require of NODE_OPTIONS before the handler loads', async () => {
        const files = { 'hook.js': 'globalThis.hooked = true;' };
        const env = { NODE_OPTIONS: '--enable-source-maps --require ./hook.js' };
        const { json } = await answer(
          'const seen = globalThis.hooked; exports.handler = async () => seen;',
          {},
          { files, env },
        );
        assert.equal(json, true);
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
      const cjs = 'exports.handler = async () => "hit";';
      const esm = 'await null; export const handler = async () => "hit";';
      loads('CommonJS from .js', { 'index.js': cjs }, 'index.handler');
      loads('CommonJS from .cjs', { 'index.cjs': cjs, 'package.json': '{"type":"module"}' }, 'index.handler');
      loads('an ES module with top-level await from .mjs', { 'index.mjs': esm }, 'index.handler');
      loads(
        'an ES module from .js by package.json',
        { 'index.js': esm, 'package.json': '{"type":"module"}' },
        'index.handler',
      );
      loads(
        'by the package.json of a parent folder',
        { 'src/index.js': esm, 'package.json': '{"type":"module"}' },
        'src/index.handler',
      );
      loads('from a folder', { 'src/api/orders.js': cjs }, 'src/api/orders.handler');
      loads(
        'a nested export',
        { 'index.js': 'exports.api = { v1: { handler: async () => "hit" } };' },
        'index.api.v1.handler',
      );
      loads(
        '.js before .mjs',
        { 'index.js': cjs, 'index.mjs': 'export const handler = async () => "miss";' },
        'index.handler',
      );
      loads('a file without extension', { index: cjs }, 'index.handler');
      loads(
        'a module that requires its neighbours',
        { 'index.js': 'exports.handler = require("./lib").handler;', 'lib.js': cjs },
        'index.handler',
      );
      loads('a package of its own node_modules as handler', { 'node_modules/pkg/index.js': cjs }, 'pkg.handler');
      if (!legacy)
        loads(
          'an export of the default export',
          { 'index.mjs': 'export default { handler: async () => "hit" };' },
          'index.handler',
        );

      if (name !== 'nodejs20.x') {
        const code = 'export const handler = async () => "hit";';
        loads('an ES module that only its syntax shows to be one', { 'index.js': code }, 'index.handler');
      }
      if (!legacy) loads('such a module with top-level await', { 'index.js': esm }, 'index.handler');

      test('ends when the module can never finish loading', async () => {
        await withFunction(
          build!,
          {
            files: { 'index.mjs': 'await new Promise(() => {}); export const handler = 1;' },
            handler: 'index.handler',
          },
          async ({ runtime, assigned }) => {
            assert.equal(assigned.type, 'closed');
            assert.equal((await runtime.exited).code, legacy ? 13 : 0);
          },
        );
      });

      test('names a module that is not there', async () => {
        const { json, head, logs, code } = await initError({ files: {}, handler: 'index.handler' });
        assert.equal(json.errorType, 'Runtime.ImportModuleError');
        assert.match(json.errorMessage, /^Error: Cannot find module 'index'\nRequire stack:\n- .*index\.mjs$/);
        assert.equal(head.errorType, 'Runtime.ImportModuleError');
        assert.equal(head.requestId, undefined);
        assert.equal(head.fatal, true);
        assert.equal(code, legacy ? 129 : 1);
        assert.match(
          logs[0],
          new RegExp(
            `^${time}\t${initId}\tERROR\t${initLabel} \t{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'index'\\\\n`,
          ),
        );
      });

      test('names a package that the code requires and that is not there', async () => {
        const { json } = await initError({ files: { 'index.js': 'require("left-pad");' }, handler: 'index.handler' });
        assert.equal(json.errorType, 'Runtime.ImportModuleError');
        assert.match(json.errorMessage, /^Error: Cannot find module 'left-pad'\nRequire stack:\n- .*index\.js/);
        assert.ok(Array.isArray(json.trace));
      });

      test('reports a syntax error', async () => {
        const { json } = await initError({
          files: { 'index.js': 'exports.handler = async () => {' },
          handler: 'index.handler',
        });
        assert.equal(json.errorType, 'Runtime.UserCodeSyntaxError');
        assert.equal(json.errorMessage, 'SyntaxError: Unexpected end of input');
      });

      test('reports an export that is not there', async () => {
        const { json } = await initError({ files: { 'index.js': 'exports.other = 1;' }, handler: 'index.handler' });
        assert.equal(json.errorType, 'Runtime.HandlerNotFound');
        assert.equal(json.errorMessage, 'index.handler is undefined or not exported');
        assert.equal(json.trace[0], 'Runtime.HandlerNotFound: index.handler is undefined or not exported');
      });

      test('reports an export that is no function', async () => {
        const { json } = await initError({ files: { 'index.js': 'exports.handler = 1;' }, handler: 'index.handler' });
        assert.equal(json.errorMessage, 'index.handler is not a function');
      });

      test('reports a handler name without a dot', async () => {
        const { json } = await initError({ files: {}, handler: 'index' });
        assert.deepEqual([json.errorType, json.errorMessage], ['Runtime.MalformedHandlerName', 'Bad handler']);
      });

      test('refuses a handler name that leaves the task folder', async () => {
        const { json } = await initError({ files: {}, handler: '../index.handler' });
        assert.equal(json.errorType, 'Runtime.MalformedHandlerName');
        assert.match(json.errorMessage, /^'\.\.\/index\.handler' is not a valid handler name\./);
      });

      test('reports what the module throws while loading', async () => {
        const { json, logs } = await initError({
          files: { 'index.js': 'throw new TypeError("boom");' },
          handler: 'index.handler',
        });
        assert.deepEqual([json.errorType, json.errorMessage], ['TypeError', 'boom']);
        assert.equal(json.trace[0], 'TypeError: boom');
        assert.match(
          logs[0],
          new RegExp(
            `^${time}\t${initId}\tERROR\t${initLabel} \t{"errorType":"TypeError","errorMessage":"boom","stack":\\["TypeError: boom"`,
          ),
        );
      });

      test('logs at init without a request id', async () => {
        await withCode('console.log("loading"); exports.handler = async () => 1;', async ({ runtime }) => {
          assert.match(runtime.logs[0]!, new RegExp(`^${time}\t${initId}\tINFO\tloading$`));
        });
      });
    });

    describe('answering', () => {
      test('returns what an async handler returns', async () => {
        const { type, text, head } = await answer('exports.handler = async (event) => ({ got: event.a, ü: "ß" });', {
          a: 1,
        });
        assert.equal(type, 'response');
        assert.equal(text, '{"got":1,"ü":"ß"}');
        assert.equal(head.requestId, requestId);
        assert.ok(head.maxRssKib > 1000);
      });

      test('returns null for no value', async () => {
        assert.equal((await answer('exports.handler = async () => {};')).text, 'null');
      });

      test('serves one invocation after the other, and keeps what the module holds', async () => {
        await withCode('let n = 0; exports.handler = async () => ++n;', async ({ runtime }) => {
          for (let n = 1; n <= 5; n += 1) assert.equal((await runtime.invoke({})).json, n);
        });
      });

      test('carries events and results of 6 MB', async () => {
        const event = 'ü'.repeat(3_000_000);
        const { json } = await answer('exports.handler = async (event) => event;', event);
        assert.equal(json, event);
      });

      test('takes an event that arrives byte by byte', async () => {
        await withCode('exports.handler = async (event) => event;', async ({ runtime }) => {
          const frames = runtime.frames;
          const chunks: Buffer[] = [];
          const write = frames.write.bind(frames);
          (frames as any).write = (chunk: Buffer) => chunks.push(chunk);
          runtime.write({ a: 1 });
          for (const byte of Buffer.concat(chunks)) {
            write(Buffer.of(byte));
            await new Promise((resolve) => setImmediate(resolve));
          }
          assert.deepEqual((await runtime.next()).json, { a: 1 });
        });
      });

      test('has the whole context', async () => {
        const code = `exports.handler = async (event, context) => ({
          ...context, remaining: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`;
        await withCode(code, async ({ runtime }) => {
          const { json } = await runtime.invoke(
            {},
            {
              clientContext: '{"custom":{"k":"v"}}',
              cognitoIdentity: '{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}',
              tenantId: 'blue',
              traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793',
              deadlineMs: Date.now() + 3000,
            },
          );
          const { remaining, ...rest } = json;
          assert.ok(remaining > 2000 && remaining <= 3000);
          assert.deepEqual(rest, {
            ...(legacy ? { callbackWaitsForEmptyEventLoop: true } : {}),
            functionName: 'orders',
            functionVersion: '$LATEST',
            memoryLimitInMB: '128',
            invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
            awsRequestId: requestId,
            logGroupName: '/aws/lambda/orders',
            logStreamName: '2026/10/01/[$LATEST]0123456789abcdef0123456789abcdef',
            clientContext: { custom: { k: 'v' } },
            identity: { cognitoIdentityId: 'id', cognitoIdentityPoolId: 'pool' },
            tenantId: 'blue',
            trace: 'Root=1-5759e988-bd862e3fe1be46a994272793',
          });
          assert.equal((await runtime.invoke({})).json.trace, undefined);
        });
      });

      test('says so when the result is not JSON', async () => {
        const { type, json } = await answer('exports.handler = async () => 1n;');
        assert.equal(type, 'error');
        assert.equal(json.errorType, legacy ? 'Error' : 'Runtime.JSONStringifyError');
        assert.equal(json.errorMessage, 'Unable to stringify response body');
      });

      test('sends what a streaming handler writes', async () => {
        const code = `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
          stream.setContentType('text/plain'); stream.write('a'); stream.write(context.functionName); stream.end('z'); });`;
        const { type, text, contentType } = await answer(code);
        assert.deepEqual([type, text, contentType], ['response', 'aordersz', 'text/plain']);
      });

      test('puts the prelude of an HTTP response stream in front', async () => {
        const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
          const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
          require('stream').Readable.from(['body']).pipe(http);
          await new Promise((resolve) => http.on('finish', resolve)); });`;
        const { text, contentType } = await answer(code);
        assert.equal(text, '{"statusCode":201}\0\0\0\0\0\0\0\0body');
        assert.equal(contentType, 'application/vnd.awslambda.http-integration-response');
      });

      test('fails a streaming handler that throws', async () => {
        const { type, json } = await answer(
          'exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write("a"); throw new Error("boom"); });',
        );
        assert.deepEqual([type, json.errorMessage], ['error', 'boom']);
      });
    });

    if (legacy) {
      describe('callbacks', () => {
        test('answers through the callback once the event loop is empty', async () => {
          const code = `exports.handler = (event, context, callback) => {
            let late = false; setTimeout(() => { late = true; console.log('late'); }, 50); callback(null, 'done'); };`;
          const { json, logs } = await answer(code);
          assert.equal(json, 'done');
          assert.match(logs.at(-1), /\tINFO\tlate$/);
        });

        test('answers at once when callbackWaitsForEmptyEventLoop is false', async () => {
          const code = `exports.handler = (event, context, callback) => {
            context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 'done'); };`;
          assert.equal((await answer(code)).json, 'done');
        });

        test('fails with what the callback is given first', async () => {
          const { type, json } = await answer(
            'exports.handler = (event, context, callback) => callback(new RangeError("no"));',
          );
          assert.deepEqual([type, json.errorType, json.errorMessage], ['error', 'RangeError', 'no']);
          const text = await answer('exports.handler = (event, context, callback) => callback("plain");');
          assert.deepEqual(text.json, { errorType: 'string', errorMessage: 'plain', trace: [] });
        });

        test('answers through context.succeed, fail and done', async () => {
          assert.equal((await answer('exports.handler = (event, context) => context.succeed(1);')).json, 1);
          assert.equal((await answer('exports.handler = (event, context) => context.done(null, 2);')).json, 2);
          const failed = await answer('exports.handler = (event, context) => context.fail();');
          assert.deepEqual(failed.json, { errorType: 'string', errorMessage: 'handled', trace: [] });
        });

        test('ignores what a handler that is not async returns', async () => {
          assert.equal((await answer('exports.handler = () => "ignored";')).json, null);
        });

        test('fails an async handler whose promise can never settle', async () => {
          const { type, json } = await answer('exports.handler = async () => new Promise(() => {});');
          assert.deepEqual([type, json.errorType], ['error', 'Runtime.NodeJsExit']);
        });

        test('warns of a callback handler, unless told not to', async () => {
          const code = 'exports.handler = (event, context, callback) => callback(null, 1);';
          const warned = await answer(code);
          assert.match(
            warned.logs[0],
            /\tWARN\tAWS Lambda plans to remove support for callback-based function handlers/,
          );
          const quiet = await answer(code, {}, { env: { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: '1' } });
          assert.deepEqual(quiet.logs, []);
        });
      });
    } else {
      describe('without callbacks', () => {
        test('refuses a handler with three parameters', async () => {
          const { json } = await initError({
            files: { 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1);' },
            handler: 'index.handler',
          });
          assert.equal(json.errorType, 'Runtime.CallbackHandlerDeprecated');
          assert.equal(
            json.errorMessage,
            'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
          );
        });

        test('returns what a handler returns that is not async', async () => {
          assert.equal((await answer('exports.handler = () => "value";')).json, 'value');
        });

        test('ends when the handler can never answer', async () => {
          await withCode('exports.handler = async () => new Promise(() => {});', async ({ runtime }) => {
            assert.equal((await runtime.invoke({})).type, 'closed');
            assert.deepEqual(await runtime.exited, { code: 0, signal: null });
          });
        });

        test('fails an invocation that leaves a promise rejected', async () => {
          const { type, json } = await answer(
            'exports.handler = async () => { Promise.reject(new Error("left")); return 1; };',
          );
          assert.deepEqual([type, json.errorType], ['error', 'Runtime.UnhandledPromiseRejection']);
        });
      });
    }

    describe('failing', () => {
      test('answers with type, message and trace, and logs with own properties', async () => {
        const code = `class OrderError extends Error { constructor(m) { super(m); this.name = 'OrderError'; this.orderId = 7; this.code = 'E7'; } }
          exports.handler = async () => { throw new OrderError('lost'); };`;
        const { type, head, json, logs } = await answer(code);
        assert.equal(type, 'error');
        assert.deepEqual(Object.keys(json), ['errorType', 'errorMessage', 'trace']);
        assert.deepEqual([json.errorType, json.errorMessage, head.errorType], ['OrderError', 'lost', 'OrderError']);
        assert.match(json.trace[1], /^ {4}at .*index\.js/);
        assert.equal(head.fatal, undefined);
        assert.match(
          logs[0],
          new RegExp(
            `^${time}\t${requestId}\tERROR\tInvoke Error \t{"errorType":"OrderError","errorMessage":"lost","code":"E7",.*"orderId":7,"stack":\\["`,
          ),
        );
      });

      test('serves on after a failure', async () => {
        await withCode(
          'exports.handler = async (e) => { if (e.fail) throw new Error("x"); return 1; };',
          async ({ runtime }) => {
            assert.equal((await runtime.invoke({ fail: true })).type, 'error');
            assert.equal((await runtime.invoke({})).json, 1);
          },
        );
      });

      test('reports what is thrown and is no Error', async () => {
        assert.deepEqual((await answer('exports.handler = async () => { throw "text"; };')).json, {
          errorType: 'string',
          errorMessage: 'text',
          trace: [],
        });
        const object = await answer('exports.handler = async () => { throw { a: 1 }; };');
        assert.deepEqual(object.json, { errorType: 'object', errorMessage: '[object Object]', trace: [] });
      });

      test('reports an uncaught exception and ends', async () => {
        const code =
          'exports.handler = async () => { setTimeout(() => { throw new Error("late"); }, 5); await new Promise((r) => setTimeout(r, 1000)); };';
        await withCode(code, async ({ runtime }) => {
          const { type, head, json } = await runtime.invoke({});
          assert.deepEqual([type, head.fatal, json.errorType, json.errorMessage], ['error', true, 'Error', 'late']);
          assert.equal((await runtime.exited).code, 129);
          assert.match(
            runtime.logs[0]!,
            new RegExp(
              `^${time}\t${requestId}\tERROR\tUncaught Exception \t{"errorType":"Error","errorMessage":"late","stack":\\[`,
            ),
          );
        });
      });

      test('reports an unhandled rejection and ends', async () => {
        const code =
          'exports.handler = async () => { Promise.reject(new Error("nobody")); await new Promise((r) => setTimeout(r, 1000)); };';
        await withCode(code, async ({ runtime }) => {
          const { head, json } = await runtime.invoke({});
          assert.deepEqual(
            [head.fatal, json.errorType, json.errorMessage],
            [true, 'Runtime.UnhandledPromiseRejection', 'Error: nobody'],
          );
          assert.equal((await runtime.exited).code, 128);
          assert.match(
            runtime.logs[0]!,
            /\tERROR\tUnhandled Promise Rejection \t{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: nobody","reason":{"errorType":"Error","errorMessage":"nobody","stack":\[.*\]},"promise":{},"stack":\["Runtime.UnhandledPromiseRejection: Error: nobody"/,
          );
        });
      });

      test('ends with the code of process.exit, after all that was logged', async () => {
        const code =
          'exports.handler = async () => { for (let i = 0; i < 5000; i += 1) console.log("x".repeat(100)); process.exit(3); };';
        await withCode(code, async ({ runtime }) => {
          assert.equal((await runtime.invoke({})).type, 'closed');
          assert.deepEqual(await runtime.exited, { code: 3, signal: null });
          assert.equal(runtime.logs.length, 5000);
        });
      });

      test('ends when the platform has gone', async () => {
        await using runtime = await boot(build!);
        runtime.frames.destroy();
        assert.equal((await runtime.exited).signal, null);
      });
    });

    describe('logging', () => {
      test('writes each console call as one record with time, id and level', async () => {
        const code = `exports.handler = async () => { console.trace('t'); console.debug('d'); console.info('i %s', 1); console.log('l', { a: 1 });
          console.warn('w'); console.error('e'); console.fatal('f'); console.log('two\\nlines'); console.log(); };`;
        const { logs } = await answer(code);
        const expected = [
          'TRACE\tt',
          'DEBUG\td',
          'INFO\ti 1',
          'INFO\tl { a: 1 }',
          'WARN\tw',
          'ERROR\te',
          'FATAL\tf',
          'INFO\ttwo\nlines',
          'INFO\tundefined',
        ];
        assert.deepEqual(
          logs.map((line: string) => line.replace(new RegExp(`^${time}\t${requestId}\t`), '')),
          expected,
        );
      });

      test('writes raw output to stdout and stderr as it is', async () => {
        await withCode(
          'exports.handler = async () => { process.stdout.write("raw"); process.stderr.write("err"); process.exit(0); };',
          async ({ runtime }) => {
            await runtime.invoke({});
            await runtime.exited;
            assert.deepEqual([runtime.stdout, runtime.stderr, runtime.logs], ['raw', 'err', []]);
          },
        );
      });

      test('writes JSON records from the level on that was chosen', async () => {
        const code = `exports.handler = async () => { console.debug('no'); console.info('yes'); console.warn({ a: 1 });
          console.error('bad: %s', 'x', new TypeError('t')); console.error(new RangeError('r')); throw new Error('last'); };`;
        const { logs } = await answer(code, {}, { logFormat: 'JSON', applicationLogLevel: 'INFO' });
        const records = logs.map((line: string) => JSON.parse(line));
        assert.match(records[0].timestamp, new RegExp(`^${time}$`));
        assert.deepEqual(Object.keys(records[0]), ['timestamp', 'level', 'requestId', 'message']);
        assert.deepEqual([records[0].level, records[0].message, records[0].requestId], ['INFO', 'yes', requestId]);
        assert.deepEqual([records[1].level, records[1].message], ['WARN', { a: 1 }]);
        assert.deepEqual(
          [records[2].level, records[2].errorType, records[2].errorMessage],
          ['ERROR', 'TypeError', 't'],
        );
        assert.match(records[2].message, /^bad: x TypeError: t\n/);
        assert.equal(records[2].stackTrace[0], 'TypeError: t');
        assert.deepEqual([records[3].message.errorType, records[3].message.errorMessage], ['RangeError', 'r']);
        assert.equal(records[4].message.errorMessage, 'last');
        assert.equal(records.length, 5);
      });
    });
  });
}

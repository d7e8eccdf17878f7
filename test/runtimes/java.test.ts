// The Java runtime behaves as AWS's: handlers of every kind, context, errors, logs; on each Java that is here.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { findInterpreters } from '../../src/execution/interpreters/index.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { create, lambdaClient, settled } from '../wire/lambda-client.ts';
import { zipOf } from '../zip.ts';
import { javaTools } from './java-tools.ts';
import { compileJava } from './matrix-functions.ts';

const sources = {
  'demo/Handlers.java': `
package demo;
import com.amazonaws.services.lambda.runtime.*;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.*;
import java.util.*;
public class Handlers {
  public static class Order { private String id; private int count; private List<String> tags;
    public String getId() { return id; } public void setId(String v) { id = v; }
    public int getCount() { return count; } public void setCount(int v) { count = v; }
    public List<String> getTags() { return tags; } public void setTags(List<String> v) { tags = v; } }
  public Order plain(Order order) { order.setCount(order.getCount() + 1); return order; }
  public static String still(String text, Context context) { return text + " " + context.getFunctionName(); }
  public void stream(InputStream in, OutputStream out, Context context) throws IOException {
    int b; while ((b = in.read()) != -1) out.write(Character.toUpperCase(b)); }
  public Map<String, Object> context(Object event, Context c) {
    Map<String, Object> m = new TreeMap<>();
    m.put("memory", c.getMemoryLimitInMB()); m.put("version", c.getFunctionVersion()); m.put("arn", c.getInvokedFunctionArn());
    m.put("group", c.getLogGroupName()); m.put("stream", c.getLogStreamName()); m.put("client", c.getClientContext().getCustom());
    m.put("heap", Runtime.getRuntime().maxMemory() / 1048576); m.put("property", System.getProperty("given"));
    m.put("cwd", new File("").getAbsolutePath());
    return m; }
  public void nothing(Object event) {}
  public void cause(Object event) { throw new RuntimeException("outer", new IllegalStateException("inner")); }
  public void logs(Object event, Context context) {
    context.getLogger().log("two\\nlines"); context.getLogger().log("quiet", LogLevel.DEBUG);
    context.getLogger().log("loud", LogLevel.WARN); System.out.print("no line end"); }
  public static class Failing { public Failing() { throw new IllegalStateException("at init"); } public void any(Object event) {} }
  public static class Interface implements RequestHandler<Map<String, String>, String> {
    public String handleRequest(Map<String, String> event, Context context) { return helper.Help.HELP + event.get("to"); } }
}`,
};
const serializer = {
  'demo/Upper.java': `
package demo;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import java.io.*;
import java.lang.reflect.Type;
import java.util.*;
public class Upper implements CustomPojoSerializer {
  public <T> T fromJson(InputStream in, Type type) { return fromJson(new Scanner(in).useDelimiter("\\\\A").next(), type); }
  public <T> T fromJson(String text, Type type) { return (T) new HashMap<>(Collections.singletonMap("text", text)); }
  public <T> void toJson(T value, OutputStream out, Type type) {
    new PrintStream(out, true).print("\\"" + ((Map<?, ?>) value).get("text").toString().length() + "\\""); }
  public static class Handler implements com.amazonaws.services.lambda.runtime.RequestHandler<Map<String, Object>, Map<String, Object>> {
    public Map<String, Object> handleRequest(Map<String, Object> event, com.amazonaws.services.lambda.runtime.Context c) { return event; } }
}`,
};
const tools = await javaTools();
const found = await findInterpreters({ dataDir: path.join(tmpdir(), 'lambent-none'), env: process.env }).list();
const majors = new Set(found.filter(({ family }) => family === 'java').map(({ version }) => version[0]!));
const runtimes = [17, 21, 25].filter((major) => majors.has(major)).map((major) => `java${major}` as lambda.Runtime);

let server: TestServer;
let client: lambda.LambdaClient;
let code: Buffer;
let withSerializer: Buffer;

before(async () => {
  if ('missing' in tools) return;
  const helper = {
    'helper/Help.java': 'package helper; public class Help { public static final String HELP = "help "; }',
  };
  const both = compileJava(tools.javac, tools.libraries, { ...sources, ...helper });
  code = zipOf({ 'lib/function.jar': both });
  withSerializer = zipOf({
    'lib/function.jar': compileJava(tools.javac, tools.libraries, serializer),
    'META-INF/services/com.amazonaws.services.lambda.runtime.CustomPojoSerializer': 'demo.Upper',
  });
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server?.stop());

for (const runtime of runtimes) {
  describe(runtime, { skip: 'missing' in tools && tools.missing }, () => {
    let count = 0;
    async function call(handler: string, payload: string, changes: Partial<lambda.CreateFunctionCommandInput> = {}) {
      const name = `${runtime}-${count++}`;
      const common = { Runtime: runtime, Code: { ZipFile: code }, MemorySize: 512, Timeout: 20 };
      await create(client, name, { ...common, Handler: `demo.Handlers${handler}`, ...changes });
      await settled(client, name);
      const ClientContext = Buffer.from('{"custom":{"k":"v"}}').toString('base64');
      const sent = { FunctionName: name, Payload: payload, LogType: 'Tail' as const, ClientContext };
      const answer = await client.send(new lambda.InvokeCommand(sent));
      const text = Buffer.from(answer.Payload!).toString();
      return { name, text, error: answer.FunctionError, log: Buffer.from(answer.LogResult!, 'base64').toString() };
    }

    test('plain objects come in and go out, from a jar in lib/', async () => {
      const { text } = await call('::plain', '{"id":"a","count":1,"tags":["x"]}');
      assert.deepEqual(JSON.parse(text), { id: 'a', count: 2, tags: ['x'] });
    });

    test('a static method, an interface without a method name, a stream and nothing at all', async () => {
      const still = await call('::still', '"hi"');
      assert.equal(still.text, JSON.stringify(`hi ${still.name}`));
      assert.equal((await call('$Interface', '{"to":"you"}')).text, '"help you"');
      assert.equal((await call('::stream', '"abc"')).text, '"ABC"');
      assert.equal((await call('::nothing', '{}')).text, 'null');
    });

    test('the context is complete, and the heap follows the memory', async () => {
      const { text, name } = await call('::context', '{}');
      const { stream, heap, ...rest } = JSON.parse(text);
      assert.match(stream, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
      assert.ok(heap > 400 && heap <= 436, String(heap));
      const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
      const group = `/aws/lambda/${name}`;
      const expected = {
        memory: 512,
        version: '$LATEST',
        arn,
        group,
        client: { k: 'v' },
        property: null,
        cwd: '/var/task',
      };
      assert.deepEqual({ property: null, ...rest }, expected);
    });

    test('a serializer that the function brings is used, in a JVM that was started before', async () => {
      const changes = { Code: { ZipFile: withSerializer }, Handler: 'demo.Upper$Handler' };
      assert.equal((await call('', '{"key":"value"}', changes)).text, '"15"');
    });

    test('JAVA_TOOL_OPTIONS reach the JVM', async () => {
      const Environment = { Variables: { JAVA_TOOL_OPTIONS: '-Dgiven=yes' } };
      const { text } = await call('::context', '{}', { Environment });
      assert.equal(JSON.parse(text).property, 'yes');
    });

    test('an exception is answered and logged with its trace', async () => {
      const { text, error, log } = await call('::cause', '{}');
      assert.equal(error, 'Unhandled');
      const { errorMessage, errorType, stackTrace } = JSON.parse(text);
      assert.deepEqual([errorMessage, errorType], ['outer', 'java.lang.RuntimeException']);
      assert.match(stackTrace[0], /^demo\.Handlers\.cause\(/);
      assert.match(
        log,
        /outer: java\.lang\.RuntimeException\njava\.lang\.RuntimeException: outer\n\tat demo\.Handlers\.cause/,
      );
      assert.match(log, /Caused by: java\.lang\.IllegalStateException: inner\n(.*\n)*END RequestId/);
    });

    test('what fails while loading is told in the words of AWS', async () => {
      const missing = JSON.parse((await call('Nowhere::any', '{}')).text);
      assert.equal(missing.errorMessage, 'Class not found: demo.HandlersNowhere');
      assert.equal(missing.errorType, 'java.lang.ClassNotFoundException');
      const failing = JSON.parse((await call('$Failing::any', '{}')).text);
      assert.match(failing.errorMessage, /at init|demo\.Handlers\$Failing/);
    });

    test('the logger writes whole records, by level under JSON', async () => {
      assert.match((await call('::logs', '{}')).log, /two\nlines\n(.*\n)*no line end\nEND RequestId/);
      const LoggingConfig = { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } as const;
      const { log } = await call('::logs', '{}', { LoggingConfig });
      const records = log.split('\n').filter((line) => line.includes('"level"'));
      const seen = records.map((line) => JSON.parse(line)).map(({ level, message }) => [level, message]);
      assert.deepEqual(
        seen.filter(([, message]) => /loud|quiet|two/.test(message)).map(([, message]) => message),
        ['two\nlines', 'loud'],
      );
    });
  });
}

test('after a restart JVMs are ready for the sizes of memory in use', {
  skip: 'missing' in tools && tools.missing,
}, async () => {
  const Runtime = runtimes[0]!;
  const common = { Runtime, Handler: 'demo.Handlers::nothing', Code: { ZipFile: code } };
  for (const MemorySize of [320, 384]) await create(client, `size-${MemorySize}`, { ...common, MemorySize });
  server = await server.restart('SIGTERM');
  client = lambdaClient(server);
  const deadline = performance.now() + 60_000;
  let ready = 0;
  // Two of each size; functions of other tests have one more size.
  while (ready < 4) {
    assert.ok(performance.now() < deadline, `${ready} are ready`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const health: any = await (await fetch(`${server.url}/_lambent/health`)).json();
    ready = health.execution.ready[Runtime] ?? 0;
  }
});

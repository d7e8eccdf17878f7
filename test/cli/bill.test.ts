// `lambent bill` against a running server, as a person uses it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCli } from '../cli-run.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, invoke, lambdaClient, region, settled } from '../wire/lambda-client.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server?.stop());

const bill = (...args: string[]) => runCli(server.url, ['bill', ...args]);

test('a month in which nothing was used is said to cost nothing, a function that was never called included', async () => {
  const client = lambdaClient(server);
  await create(client, 'idle');
  await settled(client, 'idle');
  const { code, stdout, stderr } = await bill('--month', '2026-02');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(stdout, 'Nothing was used in February 2026, and nothing costs nothing.\n');
  assert.match((await bill()).stdout, /^Nothing was used in /);
  assert.deepEqual(JSON.parse((await bill('--json', '--month', '2026-02')).stdout).accounts, []);
});

test('the bill names regions, functions, what they used and cost, the free tier and the total', async () => {
  const client = lambdaClient(server);
  await create(client, 'busy', { MemorySize: 1024 });
  await settled(client, 'busy');
  for (let count = 0; count < 3; count++) await invoke(client, 'busy');
  const { code, stdout, stderr } = await bill();
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, new RegExp(`^AWS Lambda in \\w+ \\d{4}, account ${account}\n`));
  assert.match(stdout, /\nREGION +FUNCTION +REQUESTS +GB-SECONDS +COST\n/);
  assert.match(stdout, new RegExp(`\n${region} +busy +3 +0\\.\\d{6} +\\$0\\.\\d{6}\n`));
  assert.match(stdout, new RegExp(`\n${region} +Requests, (x86_64|arm64) +3 +\\$0\\.000001\n`));
  assert.match(stdout, new RegExp(`\n${region} +Duration, (x86_64|arm64) +0\\.\\d{6} GB-seconds +\\$0\\.\\d{6}\n`));
  assert.match(stdout, /\nFree tier \(3 requests, 0\.\d+ GB-seconds\) +-\$0\.\d{6}\nTotal +\$0\.00\n/);
  assert.doesNotMatch(stdout, /idle|Streamed|storage|Provisioned/, 'lines that are zero are left out');
  assert.match(stdout, /Prices of us-east-1 as of [-\d]+, https:\S+ eu-west-1 is billed at them\./);
});

test('as JSON it is what the server answers, for one account or for all', async () => {
  const all = JSON.parse((await bill('--json')).stdout);
  assert.deepEqual([all.currency, all.accounts.length, all.accounts[0].account], ['USD', 1, account]);
  const [busy] = all.accounts[0].functions;
  assert.deepEqual([busy.functionName, busy.region, busy.requests], ['busy', region, '3']);
  const other = JSON.parse((await bill('--json', '--account', '999999999999')).stdout);
  assert.deepEqual(
    other.accounts.map((each: { account: string; total: string }) => [each.account, each.total]),
    [['999999999999', '0.00']],
  );
  const response = await fetch(`${server.url}/_lambent/bill?account=${account}`);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), all);
});

test('what is no month and no account is refused', async () => {
  for (const [args, text] of [
    [['--month', 'May'], /^--month: "May" is not written as 2026-11\n$/],
    [['--month', '2026-13'], /^--month: "2026-13" is not written/],
    [['--account', '12'], /^--account: "12" is not twelve digits/],
  ] as [string[], RegExp][]) {
    const { code, stderr } = await bill(...args);
    assert.match(stderr, text);
    assert.equal(code, 2);
  }
});

test('a server that is not there is named, with what to do', async () => {
  const { code, stderr } = await runCli('http://127.0.0.1:1', ['bill']);
  assert.deepEqual([code, stderr], [1, 'No Lambent answers on http://127.0.0.1:1: start one with `lambent start`.\n']);
});

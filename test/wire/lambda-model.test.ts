// Random sequences of operations against a reference model, over kills of the server, and two clients at once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { type Random, randomOf } from '../fuzz/random.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf, create, handlerCode, lambdaClient, settled } from './lambda-client.ts';
import { type Outcome, Reference, type Step } from './lambda-reference.ts';

const seeds = [1, 2, 3];
const stepsPerSeed = 220;
const stepsPerKill = 110;
const firstKill = 60;
const names = ['alpha', 'beta', 'gamma'];
const packages = [0, 1, 2].map((number) => handlerCode(`return ${number};`));
const hashes = packages.map((bytes) => createHash('sha256').update(bytes).digest('base64'));
const flags = ['--prebooted', '0'];

for (const seed of seeds) {
  test(`sequence ${seed} of operations goes as the model says, over kills of the server`, async (t) => {
    let server = await startTestServer({ flags });
    t.after(() => server.stop());
    let client = lambdaClient(server);
    const reference = new Reference();
    const history: string[] = [];
    for (let number = 0; number < stepsPerSeed; number++) {
      const step = chooseStep(randomOf(seed, number));
      history.push(JSON.stringify(step));
      const expected = reference.take(step);
      const told = `step ${number} of seed ${seed}:\n${history.slice(-12).join('\n')}`;
      assert.deepEqual(await perform(client, step), expected, told);
      if (number % stepsPerKill !== firstKill) continue;
      server = await server.restart('SIGKILL');
      client.destroy();
      client = lambdaClient(server);
      assert.deepEqual(await stored(client), reference.all(), `after a kill, ${told}`);
    }
    assert.deepEqual(await stored(client), reference.all());
    client.destroy();
  });
}

test('what was answered before a kill is there after it, and what was not is there whole or not at all', async (t) => {
  let server = await startTestServer({ flags });
  t.after(() => server.stop());
  const client = lambdaClient(server);
  const answered = new Set<string>();
  let killed: Promise<TestServer> | undefined;
  const work = async (_: unknown, worker: number) => {
    for (let number = 0; number < 40; number++) {
      const name = `killed-${worker}-${number}`;
      await create(client, name, { Publish: true, Tags: { name } });
      answered.add(name);
      if (answered.size === 30) killed = server.restart('SIGKILL');
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: 8 }, work));
  assert.ok(
    ends.some(({ status }) => status === 'rejected'),
    'the kill came too late',
  );
  server = await killed!;
  client.destroy();
  const after = lambdaClient(server);
  const found = await stored(after);
  const there = new Set(found.map(({ name }) => name));
  assert.deepEqual(
    [...answered].filter((name) => !there.has(name)),
    [],
  );
  for (const { name, tags, versions } of found) {
    assert.deepEqual([tags, versions.length], [{ name }, 1], name);
    assert.equal((await settled(after, name)).State, 'Active');
  }
  after.destroy();
});

test('of two clients that update one revision at once one is refused, and nothing is mixed', async (t) => {
  const server = await startTestServer({ flags });
  t.after(() => server.stop());
  const clients = [lambdaClient(server), lambdaClient(server)] as const;
  await create(clients[0], 'shared');
  const writes = clients.map((client, writer) => async (round: number, RevisionId: string | undefined) => {
    const mark = `${writer}-${round}`;
    const settings = { Description: mark, Timeout: 10 + writer, Environment: { Variables: { MARK: mark } } };
    await client.send(
      new lambda.UpdateFunctionConfigurationCommand({
        FunctionName: 'shared',
        ...settings,
        ...(RevisionId === undefined ? {} : { RevisionId }),
      }),
    );
    return mark;
  });
  const seen = new Set<string>();
  for (let round = 0; round < 40; round++) {
    // Every other time without a precondition, when only an update in progress is in the way.
    const { RevisionId } = await settled(clients[0], 'shared');
    const isGuarded = round % 2 === 0;
    const ends = await Promise.allSettled(writes.map((write) => write(round, isGuarded ? RevisionId : undefined)));
    const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    for (const end of ends) if (end.status === 'rejected') seen.add(end.reason.name);
    assert.ok(isGuarded ? won.length === 1 : won.length >= 1, `round ${round}: ${won.length} updates went through`);
    const after = await settled(clients[0], 'shared');
    assert.ok(won.includes(after.Description!), after.Description);
    const writer = Number(after.Description![0]);
    assert.deepEqual([after.Timeout, after.Environment], [10 + writer, { Variables: { MARK: after.Description } }]);
  }
  assert.ok(seen.size > 0);
  const allowed = ['PreconditionFailedException', 'ResourceConflictException'];
  assert.deepEqual(
    [...seen].filter((name) => !allowed.includes(name)),
    [],
  );
  for (const client of clients) client.destroy();
});

test('two clients that create, alias and publish at once get one of each', async (t) => {
  const server = await startTestServer({ flags });
  t.after(() => server.stop());
  const clients = [lambdaClient(server), lambdaClient(server)] as const;
  const both = async (work: (client: lambda.LambdaClient, writer: number) => Promise<unknown>) =>
    (await Promise.allSettled(clients.map(work))).map((end) => (end.status === 'fulfilled' ? 'done' : end.reason.name));
  for (let round = 0; round < 10; round++) {
    const FunctionName = `twice-${round}`;
    const one = ['ResourceConflictException', 'done'];
    assert.deepEqual((await both((client) => create(client, FunctionName))).sort(), one);
    await settled(clients[0], FunctionName);
    await both((client) => client.send(new lambda.PublishVersionCommand({ FunctionName })));
    const alias = { FunctionName, Name: 'live', FunctionVersion: '1' };
    assert.deepEqual((await both((client) => client.send(new lambda.CreateAliasCommand(alias)))).sort(), one);
    const { Versions } = await clients[0].send(new lambda.ListVersionsByFunctionCommand({ FunctionName }));
    assert.deepEqual(
      Versions!.map(({ Version }) => Version),
      ['$LATEST', '1'],
    );
  }
  for (const client of clients) client.destroy();
});

function chooseStep(random: Random): Step {
  const name = random.pick(names);
  const alias = random.pick(['live', 'next']);
  const version = random.pick(['1', '2', '3', '4', '$LATEST']);
  const description = random.pick(['', 'one', 'two']);
  const timeout = random.pick([3, 30]);
  const code = random.below(packages.length);
  const key = random.pick(['a', 'b']);
  const steps: readonly [weight: number, step: Step][] = [
    [8, { kind: 'create', name, code, description, timeout, publish: random.chance(0.3) }],
    [8, { kind: 'updateCode', name, code }],
    [8, { kind: 'updateConfiguration', name, description, timeout }],
    [14, { kind: 'publish', name, description: random.chance(0.5) ? description : undefined }],
    [12, { kind: 'createAlias', name, alias, version, description }],
    [8, { kind: 'updateAlias', name, alias, version }],
    [4, { kind: 'deleteAlias', name, alias }],
    [4, { kind: 'getAlias', name, alias }],
    [8, { kind: 'deleteVersion', name, version: version === '$LATEST' ? '5' : version }],
    [2, { kind: 'delete', name }],
    [8, { kind: 'get', name, qualifier: random.pick([undefined, alias, version]) }],
    [5, { kind: 'tag', name, key, value: description }],
    [3, { kind: 'untag', name, key }],
    [5, { kind: 'reserve', name, executions: random.below(5) }],
    [3, { kind: 'release', name }],
  ];
  let at = random.below(steps.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, step] of steps) {
    at -= weight;
    if (at < 0) return step;
  }
  return steps[0]![1];
}

async function perform(client: lambda.LambdaClient, step: Step): Promise<Outcome> {
  try {
    return { value: (await send(client, step)) ?? null };
  } catch (error) {
    return { error: (error as Error).name };
  }
}

function send(client: lambda.LambdaClient, step: Step): Promise<unknown> {
  const FunctionName = step.name;
  const Resource = arnOf(step.name);
  switch (step.kind) {
    case 'create': {
      const { code, description: Description, timeout: Timeout, publish: Publish } = step;
      return create(client, step.name, { Code: { ZipFile: packages[code] }, Description, Timeout, Publish }).then(
        shown,
      );
    }
    case 'updateCode':
      return client
        .send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile: packages[step.code] }))
        .then(shown);
    case 'updateConfiguration': {
      const input = { FunctionName, Description: step.description, Timeout: step.timeout };
      return client.send(new lambda.UpdateFunctionConfigurationCommand(input)).then(shown);
    }
    case 'publish':
      return client.send(new lambda.PublishVersionCommand({ FunctionName, Description: step.description })).then(shown);
    case 'createAlias': {
      const input = { FunctionName, Name: step.alias, FunctionVersion: step.version, Description: step.description };
      return client.send(new lambda.CreateAliasCommand(input)).then(shownAlias);
    }
    case 'updateAlias': {
      const input = { FunctionName, Name: step.alias, FunctionVersion: step.version };
      return client.send(new lambda.UpdateAliasCommand(input)).then(shownAlias);
    }
    case 'getAlias':
      return client.send(new lambda.GetAliasCommand({ FunctionName, Name: step.alias })).then(shownAlias);
    case 'deleteAlias':
      return client.send(new lambda.DeleteAliasCommand({ FunctionName, Name: step.alias })).then(nothing);
    case 'deleteVersion':
      return client.send(new lambda.DeleteFunctionCommand({ FunctionName, Qualifier: step.version })).then(nothing);
    case 'delete':
      return client.send(new lambda.DeleteFunctionCommand({ FunctionName })).then(nothing);
    case 'get':
      return client
        .send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: step.qualifier }))
        .then(({ Configuration, Concurrency }) => ({
          ...shown(Configuration!),
          reserved: Concurrency?.ReservedConcurrentExecutions,
        }));
    case 'tag':
      return client.send(new lambda.TagResourceCommand({ Resource, Tags: { [step.key]: step.value } })).then(nothing);
    case 'untag':
      return client.send(new lambda.UntagResourceCommand({ Resource, TagKeys: [step.key] })).then(nothing);
    case 'reserve': {
      const input = { FunctionName, ReservedConcurrentExecutions: step.executions };
      return client
        .send(new lambda.PutFunctionConcurrencyCommand(input))
        .then(({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions);
    }
    case 'release':
      return client.send(new lambda.DeleteFunctionConcurrencyCommand({ FunctionName })).then(nothing);
  }
}

const nothing = () => null;

function settingsOf({ CodeSha256, Description, Timeout }: lambda.FunctionConfiguration) {
  return { code: hashes.indexOf(CodeSha256!), description: Description!, timeout: Timeout! };
}

function shown(configuration: lambda.FunctionConfiguration) {
  return { version: configuration.Version!, ...settingsOf(configuration) };
}

function shownAlias({ Name, FunctionVersion, Description }: lambda.AliasConfiguration) {
  return { alias: Name, version: FunctionVersion, description: Description };
}

/** Everything that the server has, as the model tells it. */
async function stored(client: lambda.LambdaClient) {
  const functions: lambda.FunctionConfiguration[] = [];
  for await (const page of lambda.paginateListFunctions({ client, pageSize: 50 }, {}))
    functions.push(...page.Functions!);
  return Promise.all(
    functions.map(async (latest) => {
      const FunctionName = latest.FunctionName!;
      const [{ Tags, Concurrency }, { Versions }, { Aliases }] = await Promise.all([
        client.send(new lambda.GetFunctionCommand({ FunctionName })),
        client.send(new lambda.ListVersionsByFunctionCommand({ FunctionName })),
        client.send(new lambda.ListAliasesCommand({ FunctionName })),
      ]);
      return {
        name: FunctionName,
        latest: settingsOf(latest),
        tags: Object.fromEntries(Object.entries(Tags ?? {}).sort()),
        reserved: Concurrency?.ReservedConcurrentExecutions,
        versions: Versions!.slice(1).map((each) => ({ number: Number(each.Version), ...settingsOf(each) })),
        aliases: Aliases!.map(shownAlias),
      };
    }),
  );
}

// Sampling rules and groups: made, changed, listed, tagged, forgotten.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as xray from '@aws-sdk/client-xray';
import { startTestServer, type TestServer } from '../server.ts';
import { account, region } from './lambda-client.ts';
import { xrayClient } from './xray-client.ts';

let server: TestServer;
let client: xray.XRayClient;
before(async () => {
  server = await startTestServer();
  client = xrayClient(server);
});
after(() => server.stop());

const refused = (call: Promise<unknown>, message: RegExp, name = 'InvalidRequestException', status = 400) =>
  assert.rejects(call, (error: xray.XRayServiceException) => {
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status], error.message);
    assert.match(error.message, message);
    return true;
  });

const rule = (RuleName: string, change: Partial<xray.SamplingRule> = {}): xray.SamplingRule => ({
  RuleName,
  ResourceARN: '*',
  Priority: 100,
  FixedRate: 0.5,
  ReservoirSize: 10,
  ServiceName: 'orders*',
  ServiceType: '*',
  Host: 'example.com',
  HTTPMethod: 'GET',
  URLPath: '/a/*',
  Version: 1,
  ...change,
});
const create = (SamplingRule: xray.SamplingRule, Tags?: xray.Tag[]) =>
  client.send(new xray.CreateSamplingRuleCommand({ SamplingRule, ...(Tags === undefined ? {} : { Tags }) }));
const ruleArn = (name: string) => `arn:aws:xray:${region}:${account}:sampling-rule/${name}`;

test('every account has the rule Default, whose rate and reservoir alone can be changed', async () => {
  const { SamplingRuleRecords } = await client.send(new xray.GetSamplingRulesCommand({}));
  const { RuleARN, FixedRate, ReservoirSize, Priority } = SamplingRuleRecords![0]!.SamplingRule!;
  assert.deepEqual([RuleARN, FixedRate, ReservoirSize, Priority], [ruleArn('Default'), 0.05, 1, 10_000]);
  const update = (change: xray.SamplingRuleUpdate) =>
    client.send(new xray.UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: 'Default', ...change } }));
  const { SamplingRuleRecord } = await update({ FixedRate: 0.5, ReservoirSize: 3 });
  assert.equal(SamplingRuleRecord!.SamplingRule!.FixedRate, 0.5);
  assert.equal(SamplingRuleRecord!.SamplingRule!.ReservoirSize, 3);
  await refused(update({ Priority: 5 }), /Default/);
  await refused(client.send(new xray.DeleteSamplingRuleCommand({ RuleName: 'Default' })), /Default/);
  await refused(create(rule('Default')), /already exists/);
});

test('a rule is made with every member, changed by name and by ARN, and forgotten', async () => {
  const { SamplingRuleRecord: made } = await create(rule('mine', { Attributes: { a: 'b' } }));
  assert.deepEqual(made!.SamplingRule, {
    ...rule('mine'),
    RuleARN: ruleArn('mine'),
    Attributes: { a: 'b' },
  });
  assert.ok(made!.CreatedAt instanceof Date);
  await refused(create(rule('mine')), /already exists/);
  const update = (SamplingRuleUpdate: xray.SamplingRuleUpdate) =>
    client.send(new xray.UpdateSamplingRuleCommand({ SamplingRuleUpdate }));
  const changed = await update({ RuleName: 'mine', Host: '*', FixedRate: 0 });
  assert.equal(changed.SamplingRuleRecord!.SamplingRule!.Host, '*');
  assert.equal(changed.SamplingRuleRecord!.SamplingRule!.HTTPMethod, 'GET');
  await update({ RuleARN: ruleArn('mine'), Priority: 7 });
  const { SamplingRuleRecords } = await client.send(new xray.GetSamplingRulesCommand({}));
  const found = SamplingRuleRecords!.find((each) => each.SamplingRule!.RuleName === 'mine')!;
  assert.deepEqual([found.SamplingRule!.Priority, found.SamplingRule!.FixedRate], [7, 0]);
  await refused(update({ RuleName: 'mine', RuleARN: ruleArn('mine') }), /Exactly one/);
  await refused(update({ RuleName: 'none' }), /not found/);
  const deleted = await client.send(new xray.DeleteSamplingRuleCommand({ RuleARN: ruleArn('mine') }));
  assert.equal(deleted.SamplingRuleRecord!.SamplingRule!.RuleName, 'mine');
  await refused(client.send(new xray.DeleteSamplingRuleCommand({ RuleName: 'mine' })), /not found/);
});

test('an account has twenty-five rules at most, and settings that are not built are refused', async () => {
  const other = xrayClient(server, { region: 'eu-central-1' });
  const make = (name: string, change = {}) =>
    other.send(new xray.CreateSamplingRuleCommand({ SamplingRule: rule(name, change) }));
  await refused(make('x', { Version: 2 }), /Version/);
  await refused(make('x', { SamplingRateBoost: { MaxRate: 1, CooldownWindowMinutes: 1 } }), /SamplingRateBoost/);
  for (let number = 0; number < 25; number++) await make(`rule-${number}`);
  await refused(make('one-too-many'), /exceeded/, 'RuleLimitExceededException');
});

test('programs that report are told their share of the reservoir', async () => {
  await create(rule('shared', { ReservoirSize: 9 }));
  const report = (RuleName: string, ClientID: string) => ({
    RuleName,
    ClientID,
    Timestamp: new Date(),
    RequestCount: 10,
    SampledCount: 4,
    BorrowCount: 1,
  });
  const ask = (...SamplingStatisticsDocuments: xray.SamplingStatisticsDocument[]) =>
    client.send(new xray.GetSamplingTargetsCommand({ SamplingStatisticsDocuments }));
  const first = await ask(report('shared', 'a'.repeat(24)), report('none', 'a'.repeat(24)));
  const [target] = first.SamplingTargetDocuments!;
  assert.deepEqual([target!.RuleName, target!.FixedRate, target!.ReservoirQuota], ['shared', 0.5, 9]);
  assert.ok(target!.ReservoirQuotaTTL! > new Date());
  assert.equal(first.UnprocessedStatistics![0]!.RuleName, 'none');
  assert.ok(first.LastRuleModification instanceof Date);
  const second = await ask(report('shared', 'b'.repeat(24)));
  assert.equal(second.SamplingTargetDocuments![0]!.ReservoirQuota, 4);
  const { SamplingStatisticSummaries } = await client.send(new xray.GetSamplingStatisticSummariesCommand({}));
  const summary = SamplingStatisticSummaries!.find((each) => each.RuleName === 'shared')!;
  assert.ok([10, 20].includes(summary.RequestCount!));
});

test('a group is made, changed, listed and forgotten', async () => {
  const made = await client.send(
    new xray.CreateGroupCommand({
      GroupName: 'slow',
      FilterExpression: 'duration > 5',
      Tags: [{ Key: 'a', Value: 'b' }],
    }),
  );
  const { GroupARN } = made.Group!;
  assert.match(GroupARN!, new RegExp(`^arn:aws:xray:${region}:${account}:group/slow/[A-Z2-7]{26}$`));
  assert.deepEqual(made.Group, {
    GroupName: 'slow',
    GroupARN,
    FilterExpression: 'duration > 5',
    InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: false },
  });
  await refused(client.send(new xray.CreateGroupCommand({ GroupName: 'slow' })), /already exists/);
  await refused(client.send(new xray.CreateGroupCommand({ GroupName: 'x', FilterExpression: '(' })), /filter/);
  const InsightsConfiguration = { InsightsEnabled: true };
  await refused(client.send(new xray.CreateGroupCommand({ GroupName: 'x', InsightsConfiguration })), /insights/);
  await client.send(new xray.UpdateGroupCommand({ GroupARN: GroupARN!, FilterExpression: 'fault' }));
  const { Group } = await client.send(new xray.GetGroupCommand({ GroupName: 'slow' }));
  assert.equal(Group!.FilterExpression, 'fault');
  const { Groups } = await client.send(new xray.GetGroupsCommand({}));
  assert.deepEqual(
    Groups!.map((each) => each.GroupName),
    ['slow'],
  );
  await refused(client.send(new xray.GetGroupCommand({})), /Exactly one/);
  await client.send(new xray.DeleteGroupCommand({ GroupARN: GroupARN! }));
  await refused(client.send(new xray.GetGroupCommand({ GroupName: 'slow' })), /not found/);
  await refused(client.send(new xray.DeleteGroupCommand({ GroupName: 'slow' })), /not found/);
});

test('rules and groups have tags', async () => {
  const { Group } = await client.send(new xray.CreateGroupCommand({ GroupName: 'tagged' }));
  await create(rule('tagged'), [{ Key: 'team', Value: 'x' }]);
  for (const ResourceARN of [Group!.GroupARN!, ruleArn('tagged')]) {
    await client.send(
      new xray.TagResourceCommand({
        ResourceARN,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await client.send(new xray.UntagResourceCommand({ ResourceARN, TagKeys: ['a', 'team'] }));
    const { Tags } = await client.send(new xray.ListTagsForResourceCommand({ ResourceARN }));
    assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }]);
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const tooMany = client.send(new xray.TagResourceCommand({ ResourceARN, Tags: many }));
    await refused(tooMany, /at most 50/, 'TooManyTagsException');
    await refused(
      client.send(new xray.TagResourceCommand({ ResourceARN, Tags: [{ Key: 'aws:x', Value: '' }] })),
      /aws:/,
    );
  }
  const none = client.send(new xray.ListTagsForResourceCommand({ ResourceARN: ruleArn('none') }));
  await refused(none, /not found/, 'ResourceNotFoundException', 404);
});

test('rules and groups survive kill -9', async () => {
  const other = await startTestServer();
  let current = other;
  try {
    await xrayClient(other).send(new xray.CreateSamplingRuleCommand({ SamplingRule: rule('durable') }));
    await xrayClient(other).send(new xray.CreateGroupCommand({ GroupName: 'durable' }));
    current = await other.restart('SIGKILL');
    const { SamplingRuleRecords } = await xrayClient(current).send(new xray.GetSamplingRulesCommand({}));
    assert.ok(SamplingRuleRecords!.some((each) => each.SamplingRule!.RuleName === 'durable'));
    await xrayClient(current).send(new xray.GetGroupCommand({ GroupName: 'durable' }));
  } finally {
    await current.stop();
  }
});

// IAM and the identities of STS as unmodified SDK clients see them, over a real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as iam from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetAccessKeyInfoCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startTestServer, type TestServer } from '../server.ts';

const account = '123456789012';
const root = { accessKeyId: account, secretAccessKey: 'any' };
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const document = '{ "Version": "2012-10-17",\n "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"} }';

let server: TestServer;
let client: iam.IAMClient;

before(async () => {
  server = await startTestServer();
  client = iamAs(root);
});
after(() => server.stop());

function iamAs(credentials: typeof root) {
  return new iam.IAMClient({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

function stsAs(credentials: typeof root & { sessionToken?: string }) {
  return new STSClient({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

test('errors are of the classes that clients catch', async () => {
  await assert.rejects(client.send(new iam.GetRoleCommand({ RoleName: 'absent' })), (error) => {
    assert.ok(error instanceof iam.NoSuchEntityException);
    assert.equal(error.message, 'The role with name absent cannot be found.');
    assert.equal(error.$metadata.httpStatusCode, 404);
    return true;
  });
  const malformed = new iam.CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: 'no JSON' });
  await assert.rejects(client.send(malformed), iam.MalformedPolicyDocumentException);
  const attached = new iam.AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: 'longpolicynamebutnoarn' });
  await assert.rejects(client.send(attached), { name: 'ValidationError' });
});

test('names that IAM does not allow are refused by its patterns', async () => {
  const command = new iam.CreateRoleCommand({ RoleName: 'no spaces', AssumeRolePolicyDocument: trust });
  await assert.rejects(client.send(command), { name: 'ValidationError', message: /'roleName' failed to satisfy/ });
});

test('instance profiles are refused by name', async () => {
  const command = new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'p' });
  await assert.rejects(client.send(command), /CreateInstanceProfile/);
});

test('a role is made with policies, read back without drift, changed and deleted, as Terraform does it', async () => {
  const RoleName = 'terraformed';
  await client.send(
    new iam.CreateRoleCommand({
      RoleName,
      Path: '/app/',
      AssumeRolePolicyDocument: trust,
      Description: 'of the app',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'a / b = +c@d' }],
    }),
  );
  await client.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: document }));
  await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: basic }));

  const { Role: role } = await client.send(new iam.GetRoleCommand({ RoleName }));
  assert.equal(role?.Arn, `arn:aws:iam::${account}:role/app/terraformed`);
  assert.equal(decodeURIComponent(role!.AssumeRolePolicyDocument!), trust);
  assert.deepEqual([role?.Description, role?.MaxSessionDuration], ['of the app', 7200]);
  assert.deepEqual(role?.Tags, [{ Key: 'team', Value: 'a / b = +c@d' }]);
  assert.deepEqual(role?.RoleLastUsed, {});
  assert.ok(role?.CreateDate instanceof Date);
  const inline = await client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName: 'inline' }));
  assert.equal(decodeURIComponent(inline.PolicyDocument!), document);
  const attached = await client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(attached.AttachedPolicies, [{ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic }]);

  await client.send(new iam.UpdateRoleDescriptionCommand({ RoleName, Description: '' }));
  await client.send(new iam.UntagRoleCommand({ RoleName, TagKeys: ['team'] }));
  const changed = (await client.send(new iam.GetRoleCommand({ RoleName }))).Role;
  assert.deepEqual([changed?.Description, changed?.Tags], ['', undefined]);

  await assert.rejects(client.send(new iam.DeleteRoleCommand({ RoleName })), iam.DeleteConflictException);
  await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: basic }));
  await client.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'inline' }));
  const profiles = await client.send(new iam.ListInstanceProfilesForRoleCommand({ RoleName }));
  assert.deepEqual(profiles.InstanceProfiles, []);
  await client.send(new iam.DeleteRoleCommand({ RoleName }));
});

test('everything is there after a crash', async () => {
  await client.send(new iam.CreateRoleCommand({ RoleName: 'lasting', AssumeRolePolicyDocument: trust }));
  const before = (await client.send(new iam.GetRoleCommand({ RoleName: 'lasting' }))).Role;
  server = await server.restart('SIGKILL');
  client = iamAs(root);
  assert.deepEqual((await client.send(new iam.GetRoleCommand({ RoleName: 'lasting' }))).Role, before);
});

test('a policy is made, given a version and deleted', async () => {
  const { Policy: policy } = await client.send(
    new iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document }),
  );
  const PolicyArn = policy!.Arn!;
  const changed = document.replace('s3:*', 'sqs:*');
  await client.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: changed, SetAsDefault: true }));
  const { PolicyVersion: version } = await client.send(new iam.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  assert.equal(decodeURIComponent(version!.Document!), changed);
  assert.equal(version?.IsDefaultVersion, true);
  const { Policy: read } = await client.send(new iam.GetPolicyCommand({ PolicyArn }));
  assert.deepEqual([read?.DefaultVersionId, read?.AttachmentCount, read?.Tags], ['v2', 0, []]);
  await client.send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  await client.send(new iam.DeletePolicyCommand({ PolicyArn }));
});

test('paginators reach the end', async () => {
  for (const UserName of ['page-a', 'page-b', 'page-c']) {
    await client.send(new iam.CreateUserCommand({ UserName, Path: '/pages/' }));
  }
  const names: (string | undefined)[] = [];
  for await (const page of iam.paginateListUsers({ client, pageSize: 2 }, { PathPrefix: '/pages/' })) {
    names.push(...page.Users!.map((user) => user.UserName));
  }
  assert.deepEqual(names, ['page-a', 'page-b', 'page-c']);
});

test('whoever sends the access key of a user is that user, in the account that the key carries', async () => {
  await client.send(new iam.CreateUserCommand({ UserName: 'somebody' }));
  const { AccessKey: key } = await client.send(new iam.CreateAccessKeyCommand({ UserName: 'somebody' }));
  const credentials = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! };
  const identity = await stsAs(credentials).send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, `arn:aws:iam::${account}:user/somebody`);
  assert.match(identity.UserId!, /^AIDA/);
  const info = await stsAs(root).send(new GetAccessKeyInfoCommand({ AccessKeyId: key!.AccessKeyId }));
  assert.equal(info.Account, account);
  const { User: user } = await iamAs(credentials).send(new iam.GetUserCommand({}));
  assert.equal(user?.UserName, 'somebody');
});

test('an assumed role has the unique id that IAM gave it, and sessions no longer than IAM allows', async () => {
  const { Role: role } = await client.send(
    new iam.CreateRoleCommand({ RoleName: 'assumed', AssumeRolePolicyDocument: trust }),
  );
  const assume = (RoleArn: string, DurationSeconds?: number) =>
    stsAs(root).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', DurationSeconds }));
  await assert.rejects(assume(role!.Arn!, 7200), {
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
  await client.send(new iam.UpdateRoleCommand({ RoleName: 'assumed', MaxSessionDuration: 7200 }));
  const { AssumedRoleUser: assumed, Credentials: issued } = await assume(role!.Arn!, 7200);
  assert.equal(assumed?.AssumedRoleId, `${role!.RoleId}:session`);

  const session = stsAs({
    accessKeyId: issued!.AccessKeyId!,
    secretAccessKey: issued!.SecretAccessKey!,
    sessionToken: issued!.SessionToken!,
  });
  const chained = { RoleArn: role!.Arn!, RoleSessionName: 'chained', DurationSeconds: 7200 };
  await assert.rejects(session.send(new AssumeRoleCommand(chained)), { message: /role chaining/ });

  const unknown = await assume(`arn:aws:iam::${account}:role/unknown`, 7200);
  assert.match(unknown.AssumedRoleUser!.AssumedRoleId!, /^AROA[A-Z2-7]{17}:session$/);
});

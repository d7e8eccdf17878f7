// The role as which a function runs: made at its first deployment, recognised by its tag when the function goes.
import type { IAMClient } from '@aws-sdk/client-iam';

const basicExecution = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const functionTag = 'lambent:function';
const longestRoleName = 64;

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

export interface ExecutionRole {
  arn: string;
  name: string;
  /** False when it was there already. */
  created: boolean;
}

/** The role of `functionName` by its usual name; it may write logs and nothing else. */
export async function ensureExecutionRole(iam: IAMClient, functionName: string): Promise<ExecutionRole> {
  const { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand } = await import('@aws-sdk/client-iam');
  const name = `lambent-${functionName}`.slice(0, longestRoleName);
  const existing = await orNull(iam.send(new GetRoleCommand({ RoleName: name })));
  const role =
    existing ??
    (await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify(trust),
        Description: `Made by lambent deploy for ${functionName}`,
        Tags: [{ Key: functionTag, Value: functionName }],
      }),
    ));
  // Attached each time: a deployment that was broken off may have left the role without it.
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: basicExecution }));
  return { arn: role.Role!.Arn!, name, created: existing === null };
}

/** The name of the role behind `arn` when it was made for `functionName` by deploying it, else null. */
export async function isOwnRole(iam: IAMClient, arn: string, functionName: string): Promise<string | null> {
  const { GetRoleCommand } = await import('@aws-sdk/client-iam');
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (!name.startsWith('lambent-')) return null;
  // Who may not read roles may not delete them either.
  const found = await iam.send(new GetRoleCommand({ RoleName: name })).catch(() => null);
  const mark = found?.Role?.Tags?.find(({ Key }) => Key === functionTag);
  return mark?.Value === functionName ? name : null;
}

/** Deletes the role with the policies that are attached to it or stand in it. */
export async function deleteOwnRole(iam: IAMClient, name: string): Promise<void> {
  const sdk = await import('@aws-sdk/client-iam');
  for await (const page of sdk.paginateListAttachedRolePolicies({ client: iam }, { RoleName: name })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      await iam.send(new sdk.DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
    }
  }
  for await (const page of sdk.paginateListRolePolicies({ client: iam }, { RoleName: name })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await iam.send(new sdk.DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
    }
  }
  await iam.send(new sdk.DeleteRoleCommand({ RoleName: name }));
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if ((error as Error).name === 'NoSuchEntityException' || (error as Error).name === 'NoSuchEntity') return null;
    throw error;
  }
}

// What the policy of a function lets other accounts do with it.
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html
import type { CallContext, Caller, Operation, OperationTable } from '../service.ts';
import { type FunctionReference, otherAccountsFunction } from './function-name.ts';
import type { Lambda } from './lambda.ts';
import { policySlot } from './policies.ts';
import { judge } from './policy-judgement.ts';
import type { PolicyDocument } from './resource-policy.ts';

/** The operations that a policy can open to other accounts, and what IAM calls them. */
const sharable = {
  CreateAlias: 'CreateAlias',
  DeleteAlias: 'DeleteAlias',
  DeleteFunction: 'DeleteFunction',
  DeleteFunctionConcurrency: 'DeleteFunctionConcurrency',
  GetAlias: 'GetAlias',
  GetFunction: 'GetFunction',
  GetFunctionConfiguration: 'GetFunctionConfiguration',
  GetPolicy: 'GetPolicy',
  Invoke: 'InvokeFunction',
  InvokeAsync: 'InvokeAsync',
  InvokeWithResponseStream: 'InvokeFunction',
  ListAliases: 'ListAliases',
  ListTags: 'ListTags',
  ListVersionsByFunction: 'ListVersionsByFunction',
  PublishVersion: 'PublishVersion',
  PutFunctionConcurrency: 'PutFunctionConcurrency',
  TagResource: 'TagResource',
  UntagResource: 'UntagResource',
  UpdateAlias: 'UpdateAlias',
  UpdateFunctionCode: 'UpdateFunctionCode',
} as const satisfies Partial<Record<keyof OperationTable<'lambda'>, string>>;

interface AboutFunction {
  FunctionName?: string;
  Resource?: string;
  Qualifier?: string;
}

/**
 * `operations`, which run for the function's own account where its policy allows the caller's. What it does not allow
 * is left to the operations, which refuse other accounts.
 */
export function openToOtherAccounts(
  store: Lambda['store'],
  operations: OperationTable<'lambda'>,
): OperationTable<'lambda'> {
  const opened = Object.entries(sharable).map(([name, action]) => {
    const operation = operations[name as keyof typeof sharable] as Operation<AboutFunction, unknown>;
    const forOwner: typeof operation = (input, context) => {
      const owner = otherAccountsFunction(input.FunctionName ?? input.Resource ?? '', context.caller, input.Qualifier);
      if (owner === undefined) return operation(input, context);
      return asOwner(owner, action, context).then((allowed) => operation(input, allowed));
    };
    return [name, forOwner];
  });
  return { ...operations, ...Object.fromEntries(opened) };

  async function asOwner(owner: FunctionReference, action: string, context: CallContext): Promise<CallContext> {
    const { caller } = context;
    const policy = await store.settings.get<PolicyDocument>('policy', owner, policySlot(owner));
    const isAllowed = judge(policy, { action: `lambda:${action}`, caller }) === 'allowed';
    return isAllowed ? withCaller(context, { ...caller, account: owner.account }) : context;
  }
}

/** `context` for another caller. Some of its members are made when they are first asked for, and stay so. */
function withCaller(context: CallContext, caller: Caller): CallContext {
  const { requestId, clock, ids, endpoint, headers, responseHeaders } = context;
  return {
    ...{ caller, requestId, clock, ids, endpoint, headers, responseHeaders },
    get log() {
      return context.log;
    },
    get call() {
      return context.call;
    },
    get signal() {
      return context.signal;
    },
  };
}

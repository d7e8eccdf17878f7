// What is kept of a function's answer to recursive loops, and which invocations are stopped as part of one.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
import { AwsError } from '../../core/errors.ts';
import { functionNotFound } from './errors.ts';
import { functionArn } from './function-name.ts';
import type { Lambda } from './lambda.ts';
import { limits } from './limits.ts';
import { type FunctionKey, wholeFunction } from './store/index.ts';

/** Absent is AWS's default, Terminate. */
export interface RecursionRecord {
  recursiveLoop: 'Allow' | 'Terminate';
}

export const recursionFunctionNotFound = (key: FunctionKey) => functionNotFound(functionArn(key));

export const recursiveInvocation = () =>
  new AwsError(
    'RecursiveInvocationException',
    "Lambda has detected your function being invoked in a recursive loop with other AWS resources and stopped your function's invocation.",
    { members: { Type: 'User' } },
  );

/** Whether an invocation must not run whose chain came by the function `before` times already. */
export async function isStoppedAsLoop(
  { store }: Pick<Lambda, 'store'>,
  key: FunctionKey,
  before: number,
): Promise<boolean> {
  if (before < limits.invocationsOfOneChain) return false;
  const record = await store.setting<RecursionRecord>('recursion', key, wholeFunction);
  return record?.recursiveLoop !== 'Allow';
}

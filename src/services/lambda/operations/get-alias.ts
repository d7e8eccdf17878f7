// GetAlias: one alias of a function.
import { showAlias } from '../aliases.ts';
import { resourceNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function getAlias(lambda: Lambda): LambdaOperation<'GetAlias'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'GetAlias');
    const record = await lambda.store.alias(key, input.Name!);
    if (record === undefined) throw resourceNotFound(`Cannot find alias arn: ${functionArn(key, input.Name!)}`);
    return showAlias(key, record);
  };
}

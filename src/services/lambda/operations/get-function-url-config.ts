// GetFunctionUrlConfig: the URL of a function or an alias.
import { resourceNotFound } from '../errors.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { wholeFunction } from '../store/index.ts';
import { showUrlConfig, type UrlConfigRecord } from '../url-configs.ts';

export function getFunctionUrlConfig(lambda: Lambda): LambdaOperation<'GetFunctionUrlConfig'> {
  return async (input, { caller, endpoint }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'GetFunctionUrlConfig', input.Qualifier);
    const slot = owner.qualifier ?? wholeFunction;
    const record = await lambda.store.settings.get<UrlConfigRecord>('url-config', owner, slot);
    if (record === undefined) throw resourceNotFound('The resource you requested does not exist.');
    return showUrlConfig(owner, slot, record, endpoint);
  };
}

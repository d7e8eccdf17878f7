// ListFunctionUrlConfigs: the URLs of a function and of its aliases, in the order of their names.
import { resourceNotFound } from '../errors.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { functionExistsIn } from '../qualified.ts';
import { settingsPage } from '../settings-page.ts';
import { showUrlConfig, type UrlConfigRecord } from '../url-configs.ts';

export function listFunctionUrlConfigs(lambda: Lambda): LambdaOperation<'ListFunctionUrlConfigs'> {
  return async (input, { caller, endpoint }) => {
    const key = resolveFunctionName(input.FunctionName!, caller, 'ListFunctionUrlConfigs');
    if (!(await functionExistsIn(lambda.store, key))) throw resourceNotFound('Function does not exist');
    const size = input.MaxItems ?? limits.pageSize;
    const { page, next } = await settingsPage<UrlConfigRecord>(lambda.store, 'url-config', key, input.Marker, size);
    return {
      FunctionUrlConfigs: page.map(({ qualifier, record }) => showUrlConfig(key, qualifier, record, endpoint)),
      ...next,
    };
  };
}

// UpdateFunctionUrlConfig: changes the settings of a URL, which stays what it is; what is left out stays, too.
import { resourceNotFound } from '../errors.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findQualified } from '../qualified.ts';
import { wholeFunction } from '../store/index.ts';
import { checkInvokeMode, readCors, showChangedUrlConfig, type UrlConfigRecord } from '../url-configs.ts';

export function updateFunctionUrlConfig(lambda: Lambda): LambdaOperation<'UpdateFunctionUrlConfig'> {
  return async (input, { caller, clock, endpoint }) => {
    checkInvokeMode(input.InvokeMode);
    const owner = resolveFunctionName(input.FunctionName!, caller, 'UpdateFunctionUrlConfig', input.Qualifier);
    const slot = owner.qualifier ?? wholeFunction;
    const record = await lambda.store.change(async (transaction) => {
      if ((await findQualified(transaction, owner, owner.qualifier)) === undefined) {
        throw resourceNotFound('Function does not exist');
      }
      const before = await transaction.settings.get<UrlConfigRecord>('url-config', owner, slot);
      if (before === undefined) throw resourceNotFound('The resource you requested does not exist.');
      const { cors, ...rest } = before;
      const updated: UrlConfigRecord = {
        ...rest,
        ...readCors(input.Cors === undefined ? cors : input.Cors),
        authType: input.AuthType ?? before.authType,
        ...(input.InvokeMode === undefined ? {} : { invokeMode: input.InvokeMode }),
        lastModified: clock.now(),
      };
      await transaction.settings.put('url-config', owner, slot, updated, updated.id);
      return updated;
    });
    return showChangedUrlConfig(owner, slot, record, endpoint);
  };
}

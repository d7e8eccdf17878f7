// CreateFunctionUrlConfig: a URL for a function or an alias.
import { resourceConflict, resourceNotFound } from '../errors.ts';
import { refuseUrl } from '../exclusions.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findQualified } from '../qualified.ts';
import { wholeFunction } from '../store/index.ts';
import { checkInvokeMode, newUrlId, readCors, showChangedUrlConfig, type UrlConfigRecord } from '../url-configs.ts';

export function createFunctionUrlConfig(lambda: Lambda): LambdaOperation<'CreateFunctionUrlConfig'> {
  return async (input, { caller, clock, ids, endpoint }) => {
    checkInvokeMode(input.InvokeMode);
    const owner = resolveFunctionName(input.FunctionName!, caller, 'CreateFunctionUrlConfig', input.Qualifier);
    const slot = owner.qualifier ?? wholeFunction;
    const record = await lambda.store.change(async (transaction) => {
      if ((await findQualified(transaction, owner, owner.qualifier)) === undefined) {
        throw resourceNotFound('Function does not exist');
      }
      refuseUrl((await transaction.version({ ...owner, number: latest }))!);
      if ((await transaction.settings.get('url-config', owner, slot)) !== undefined) {
        throw resourceConflict(
          `Failed to create function url config for [functionArn = ${functionArn(owner, owner.qualifier)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        );
      }
      const created: UrlConfigRecord = {
        id: newUrlId(ids),
        authType: input.AuthType!,
        ...readCors(input.Cors),
        ...(input.InvokeMode === undefined ? {} : { invokeMode: input.InvokeMode }),
        created: clock.now(),
        lastModified: clock.now(),
      };
      await transaction.settings.put('url-config', owner, slot, created, created.id);
      return created;
    });
    const { LastModifiedTime: _, ...shown } = showChangedUrlConfig(owner, slot, record, endpoint);
    return shown;
  };
}

// ListFunctionEventInvokeConfigs: the event invoke configs of a function, in the order of its qualifiers.
import { type EventInvokeRecord, noFunctionToConfigure, showEventInvokeConfig } from '../event-invoke-configs.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { functionExistsIn } from '../qualified.ts';
import { settingsPage } from '../settings-page.ts';

export function listFunctionEventInvokeConfigs(lambda: Lambda): LambdaOperation<'ListFunctionEventInvokeConfigs'> {
  return async (input, { caller }) => {
    const key = resolveFunctionName(input.FunctionName!, caller, 'ListFunctionEventInvokeConfigs');
    if (!(await functionExistsIn(lambda.store, key))) throw noFunctionToConfigure();
    const size = input.MaxItems ?? limits.pageSize;
    const kind = 'event-invoke-config';
    const { page, next } = await settingsPage<EventInvokeRecord>(lambda.store, kind, key, input.Marker, size);
    return {
      FunctionEventInvokeConfigs: page.map(({ qualifier, record }) => showEventInvokeConfig(key, qualifier, record)),
      ...next,
    };
  };
}

// UpdateFunctionEventInvokeConfig: changes what the request names of an event invoke config.
import {
  checkDestinations,
  type EventInvokeRecord,
  latestQualifier,
  noEventInvokeConfig,
  noFunctionToConfigure,
  readSettings,
  showEventInvokeConfig,
} from '../event-invoke-configs.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findQualified } from '../qualified.ts';

export function updateFunctionEventInvokeConfig(lambda: Lambda): LambdaOperation<'UpdateFunctionEventInvokeConfig'> {
  return async (input, { caller, clock }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'UpdateFunctionEventInvokeConfig', input.Qualifier);
    const qualifier = owner.qualifier ?? latestQualifier;
    const changes = readSettings(input);
    const record = await lambda.store.change(async (transaction) => {
      if ((await findQualified(transaction, owner, qualifier)) === undefined) throw noFunctionToConfigure();
      const before = await transaction.settings.get<EventInvokeRecord>('event-invoke-config', owner, qualifier);
      if (before === undefined) throw noEventInvokeConfig(owner, qualifier);
      await checkDestinations(transaction, owner, input.DestinationConfig);
      const { onSuccess, onFailure, ...handling } = before;
      // Destinations are given together: naming one takes the other away.
      const kept = input.DestinationConfig === undefined ? before : handling;
      const after: EventInvokeRecord = { ...kept, ...changes, lastModified: clock.now() };
      await transaction.settings.put('event-invoke-config', owner, qualifier, after);
      return after;
    });
    return showEventInvokeConfig(owner, qualifier, record);
  };
}

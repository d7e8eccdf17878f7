// UpdateAlias: points an alias elsewhere; what the request leaves out stays.
import { readRoute, resolveTarget, showAlias } from '../aliases.ts';
import { preconditionFailed, resourceNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { versionName } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function updateAlias(lambda: Lambda): LambdaOperation<'UpdateAlias'> {
  return async (input, { caller, ids }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'UpdateAlias');
    const newRoute = readRoute(input.RoutingConfig?.AdditionalVersionWeights);
    const alias = await lambda.store.change(async (transaction) => {
      const before = await transaction.aliases.get(key, input.Name!);
      if (before === undefined) throw resourceNotFound(`Alias not found: ${functionArn(key, input.Name!)}`);
      if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) throw preconditionFailed();
      const oldRoute = before.routing && { version: versionName(before.routing.number), weight: before.routing.weight };
      const target = await resolveTarget(
        transaction,
        key,
        input.FunctionVersion ?? versionName(before.number),
        input.RoutingConfig === undefined ? oldRoute : newRoute,
      );
      const record = {
        alias: before.alias,
        description: input.Description ?? before.description,
        ...target,
        revisionId: ids.uuid(),
      };
      await transaction.aliases.put(key, record);
      return showAlias(key, record);
    });
    lambda.reprovision(key);
    return alias;
  };
}

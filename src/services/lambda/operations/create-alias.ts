// CreateAlias: a name for a version, or for two with weights.
import { readRoute, resolveTarget, showAlias } from '../aliases.ts';
import { resourceConflict } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function createAlias(lambda: Lambda): LambdaOperation<'CreateAlias'> {
  return async (input, { caller, ids }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'CreateAlias');
    const route = readRoute(input.RoutingConfig?.AdditionalVersionWeights);
    return lambda.store.change(async (transaction) => {
      const target = await resolveTarget(transaction, key, input.FunctionVersion!, route);
      const alias = input.Name!;
      if ((await transaction.aliases.get(key, alias)) !== undefined) {
        throw resourceConflict(`Alias already exists: ${functionArn(key, alias)}`);
      }
      const record = { alias, description: input.Description ?? '', ...target, revisionId: ids.uuid() };
      await transaction.aliases.put(key, record);
      return showAlias(key, record);
    });
  };
}

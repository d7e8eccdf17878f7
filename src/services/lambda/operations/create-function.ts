// CreateFunction: a new function from a deployment package.
import { readCode } from '../code-input.ts';
import { readNewConfiguration } from '../configuration-input.ts';
import { invalidParameter, resourceConflict } from '../errors.ts';
import { showConfiguration } from '../function-configuration.ts';
import { resolveFunctionName } from '../function-name.ts';
import { creating, latest, type VersionRecord, versionName } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { checkTags } from '../tags.ts';
import { publish } from '../versions.ts';

export function createFunction(lambda: Lambda): LambdaOperation<'CreateFunction'> {
  return async (input, { caller, clock, ids }) => {
    const { account, region, name } = resolveFunctionName(input.FunctionName!, caller);
    if (name.length > limits.functionNameLength) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${limits.functionNameLength}`,
      );
    }
    const key = { account, region, name };
    const tags = checkTags(input.Tags ?? {});
    const configuration = await readNewConfiguration(input, lambda);
    if ((await lambda.store.function(key)) !== undefined) throw resourceConflict(`Function already exist: ${name}`);
    const code = await readCode(input.Code!, lambda);
    const version: VersionRecord = {
      number: latest,
      configuration: { ...configuration, description: input.Description ?? '' },
      code,
      runtimeVersionHash: await lambda.runtimeVersionHash(configuration.runtime),
      lastModified: clock.now(),
      revisionId: ids.uuid(),
      generation: ids.uuid(),
      state: creating,
    };
    const shown = await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) !== undefined) throw resourceConflict(`Function already exist: ${name}`);
      await transaction.putFunction({ ...key, tags, lastNumber: 0 });
      await transaction.putVersion(key, version);
      if (input.Publish !== true) return version;
      return (await publish(transaction, key, version, ids.uuid(), undefined)).version;
    });
    lambda.settle({ ...key, number: latest });
    if (shown.number !== latest) lambda.settle({ ...key, number: shown.number });
    const configurationShown = showConfiguration({ ...key, number: shown.number, version: shown });
    return { ...configurationShown, Version: versionName(shown.number) };
  };
}

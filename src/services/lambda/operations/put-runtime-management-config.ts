// PutRuntimeManagementConfig: lets a version follow its runtime, keep it until its next update, or keep one for good.
import { InterpreterMissingError } from '../../../execution/index.ts';
import type { CallContext } from '../../service.ts';
import { functionNotFound, invalidParameter, resourceConflict } from '../errors.ts';
import { functionArn } from '../function-name.ts';
import { isSettled, type VersionRecord } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { showRuntimeManagement, versionHashOf } from '../runtime-management.ts';
import { findVersion } from '../versions.ts';

export function putRuntimeManagementConfig(lambda: Lambda): LambdaOperation<'PutRuntimeManagementConfig'> {
  return async (input, context) => {
    const action = 'PutRuntimeManagementConfig';
    const found = await findVersion(lambda, context.caller, action, input.FunctionName!, input.Qualifier);
    const arn = functionArn(found, found.reference.qualifier);
    const managed = await manage(lambda, found.version, input, context);
    const { before, after } = await lambda.store.change(async (transaction) => {
      const current = await transaction.version(found);
      if (current === undefined) throw functionNotFound(arn);
      if (!isSettled(current)) {
        throw resourceConflict(
          `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
        );
      }
      const { runtimeManagement: _, ...rest } = current;
      const changed: VersionRecord = { ...rest, ...managed, generation: context.ids.uuid() };
      await transaction.putVersion(found, changed);
      return { before: current, after: changed };
    });
    lambda.outdate({ ...found, version: before });
    return { ...showRuntimeManagement(after, found.region), FunctionArn: arn };
  };
}

/** What `input` makes of a version's runtime. Learnt before the change begins: interpreters may have to be started. */
async function manage(
  lambda: Lambda,
  version: VersionRecord,
  input: { UpdateRuntimeOn?: string | undefined; RuntimeVersionArn?: string | undefined },
  { caller }: CallContext,
): Promise<Pick<VersionRecord, 'runtimeVersionHash' | 'runtimeManagement'>> {
  const { runtime, packageType } = version.configuration;
  if (packageType === 'Image') {
    throw invalidParameter('Runtime management is not supported for functions with packageType Image.');
  }
  const arn = input.RuntimeVersionArn;
  if (input.UpdateRuntimeOn !== 'Manual') {
    if (arn !== undefined) {
      throw invalidParameter(`RuntimeVersionArn is not supported for the update mode ${input.UpdateRuntimeOn}.`);
    }
    const runtimeVersionHash = await lambda.runtimeVersionHash(runtime);
    return input.UpdateRuntimeOn === 'Auto'
      ? { runtimeVersionHash }
      : { runtimeVersionHash, runtimeManagement: 'FunctionUpdate' };
  }
  if (arn === undefined) throw invalidParameter('RuntimeVersionArn is required for the update mode Manual.');
  const runtimeVersionHash = versionHashOf(arn, caller.region);
  try {
    await lambda.pinRuntimeVersion(runtime, runtimeVersionHash);
  } catch (error) {
    if (!(error instanceof InterpreterMissingError)) throw error;
    throw invalidParameter(`The runtime version ${arn} of ${runtime} is not installed on this machine.`);
  }
  return { runtimeVersionHash, runtimeManagement: 'Manual' };
}

// PutProvisionedConcurrencyConfig: asks for environments of a version or alias to be kept ready.
import { unreservedMinimum } from '../concurrency.ts';
import { invalidParameter, invalidParameterUntyped } from '../errors.ts';
import { refuseProvisioned } from '../exclusions.ts';
import { resolveFunctionName } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkOverlap, type ProvisionedRecord, showProvisioned } from '../provisioned-concurrency.ts';
import { findQualified, qualifiedNotFound } from '../qualified.ts';
import { concurrencyLimit } from '../quotas.ts';
import { type FunctionKey, type FunctionTransaction, readConcurrency } from '../store/index.ts';

export function putProvisionedConcurrencyConfig(lambda: Lambda): LambdaOperation<'PutProvisionedConcurrencyConfig'> {
  return async (input, { caller, clock }) => {
    const action = 'PutProvisionedConcurrencyConfig';
    const reference = resolveFunctionName(input.FunctionName!, caller, action, input.Qualifier!);
    const key = { account: reference.account, region: reference.region, name: reference.name };
    const qualifier = reference.qualifier!;
    const requested = input.ProvisionedConcurrentExecutions!;
    const limit = concurrencyLimit(lambda.quotas, key);
    const record: ProvisionedRecord = { requested, lastModified: clock.now() };
    await lambda.store.change(async (transaction) => {
      await checkQualifier(transaction, key, qualifier);
      await checkRoom(transaction, key, qualifier, requested, limit);
      await transaction.settings.put('provisioned-concurrency', key, qualifier, record);
    });
    const before = lambda.execution.provisioned({ ...key, functionName: key.name }, qualifier);
    lambda.reprovision(key);
    // A request is never answered as ready: it is only just being dealt with.
    return { ...showProvisioned(record, before), Status: 'IN_PROGRESS' };
  };
}

/** Only one of a version and the aliases that point to it may have environments kept ready. */
async function checkQualifier(transaction: FunctionTransaction, key: FunctionKey, qualifier: string): Promise<void> {
  const unpublished = 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.';
  if (qualifier === '$LATEST') throw invalidParameter(unpublished);
  const found = await findQualified(transaction, key, qualifier);
  if (found === undefined) throw qualifiedNotFound(key, qualifier);
  if (found.kind === 'alias' && found.alias.routing !== undefined) {
    throw invalidParameter('Alias with weights can not be used with Provisioned Concurrency');
  }
  const number = found.kind === 'alias' ? found.alias.number : found.version.number;
  if (number === latest) throw invalidParameter(unpublished);
  refuseProvisioned((await transaction.version({ ...key, number }))!);
  const others = await transaction.settings.ofFunction('provisioned-concurrency', key);
  const pointsTo = async (other: string) => {
    const holder = await findQualified(transaction, key, other);
    return holder?.kind === 'alias' ? holder.alias.number : holder?.version.number;
  };
  const overlapping: string[] = [];
  for (const other of others) {
    if (other.qualifier !== qualifier && (await pointsTo(other.qualifier)) === number)
      overlapping.push(other.qualifier);
  }
  checkOverlap(found.kind, overlapping);
}

async function checkRoom(
  transaction: FunctionTransaction,
  key: FunctionKey,
  qualifier: string,
  requested: number,
  limit: number,
): Promise<void> {
  const concurrency = await readConcurrency(transaction.settings, key.account, key.region);
  const reserved = concurrency.reserved(key.name);
  const sum = concurrency.provisionedSum(key.name) - (concurrency.provisioned(key.name, qualifier) ?? 0) + requested;
  if (reserved !== undefined) {
    if (sum <= reserved) return;
    throw invalidParameter(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    );
  }
  if (requested > limit) {
    throw invalidParameterUntyped(
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${limit}].`,
    );
  }
  if (!concurrency.mayClaim(key.name, sum, limit)) {
    throw invalidParameterUntyped(
      `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMinimum(limit)}].`,
    );
  }
}

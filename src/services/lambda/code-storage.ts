// The room that an account has for packages of functions and layers.
import { codeStorageExceeded } from './errors.ts';
import { codeStorageLimit, type Quotas } from './quotas.ts';
import type { FunctionTransaction } from './store/index.ts';

/** Called within a change that stored a package, after it did. Throws CodeStorageExceededException. */
export async function checkCodeStorage(
  transaction: Pick<FunctionTransaction, 'usage'>,
  owner: { account: string; region: string },
  quotas: Quotas,
): Promise<void> {
  const { codeBytes } = await transaction.usage.get(owner.account, owner.region);
  if (codeBytes > codeStorageLimit(quotas, owner)) throw codeStorageExceeded();
}

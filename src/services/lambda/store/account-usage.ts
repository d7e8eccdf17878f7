// The row of what an account has stored in a region, kept up with each change, so that no call counts functions.
import type { Queries, Row } from '../../../storage/index.ts';

export interface AccountUsage {
  functions: number;
  /** Packages of all versions, $LATEST among them, and of all layer versions: each counts, also where they are the same. */
  codeBytes: number;
}

interface UsageRow extends Row {
  functions: number;
  code_bytes: number;
}

export class AccountUsageRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get(account: string, region: string): Promise<AccountUsage> {
    const row = await this.#queries.get<UsageRow>(
      'SELECT functions, code_bytes FROM lambda_account_usage WHERE account = ? AND region = ?',
      account,
      region,
    );
    return { functions: row?.functions ?? 0, codeBytes: row?.code_bytes ?? 0 };
  }

  /** Adds to what is stored, or takes from it; called in the transaction that stores or deletes. */
  async add({ account, region }: { account: string; region: string }, change: Partial<AccountUsage>): Promise<void> {
    const { functions = 0, codeBytes = 0 } = change;
    if (functions === 0 && codeBytes === 0) return;
    await this.#queries.run(
      `INSERT INTO lambda_account_usage (account, region, functions, code_bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, region) DO UPDATE SET
         functions = lambda_account_usage.functions + excluded.functions,
         code_bytes = lambda_account_usage.code_bytes + excluded.code_bytes`,
      account,
      region,
      functions,
      codeBytes,
    );
  }
}

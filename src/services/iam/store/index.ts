// Everything that IAM keeps: the only folder that reads or writes it.
import type { Database, Queries } from '../../../storage/index.ts';
import { AccessKeyRows } from './access-key-rows.ts';
import { AttachmentRows } from './attachment-rows.ts';
import { IdentityRows } from './identity-rows.ts';
import { InlinePolicyRows } from './inline-policy-rows.ts';
import { MembershipRows } from './membership-rows.ts';
import { migrations } from './migrations.ts';
import { PolicyRows } from './policy-rows.ts';

export type * from './records.ts';

/** The rows of IAM, inside or outside of a transaction. */
export interface IamRows {
  readonly identities: IdentityRows;
  readonly memberships: MembershipRows;
  readonly inlinePolicies: InlinePolicyRows;
  readonly attachments: AttachmentRows;
  readonly accessKeys: AccessKeyRows;
  readonly policies: PolicyRows;
}

export interface IamStore {
  /** What is committed. */
  readonly rows: IamRows;
  /** Runs `work` in one transaction: all of its changes are kept, or none when it rejects. */
  change<T>(work: (rows: IamRows) => Promise<T>): Promise<T>;
}

export async function openIamStore(database: Database): Promise<IamStore> {
  await database.migrate('iam', migrations);
  return {
    rows: rowsOf(database),
    change: (work) => database.transaction((queries) => work(rowsOf(queries))),
  };
}

function rowsOf(queries: Queries): IamRows {
  return {
    identities: new IdentityRows(queries),
    memberships: new MembershipRows(queries),
    inlinePolicies: new InlinePolicyRows(queries),
    attachments: new AttachmentRows(queries),
    accessKeys: new AccessKeyRows(queries),
    policies: new PolicyRows(queries),
  };
}

// Rows of users in groups.
import type { Queries } from '../../../storage/index.ts';
import { type IdentityRow, toIdentity } from './identity-rows.ts';
import type { Identity } from './records.ts';

/** By the unique ids of both. */
export class MembershipRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async groupsOf(userId: string): Promise<Identity[]> {
    const sql = 'SELECT i.* FROM iam_memberships m JOIN iam_identities i ON i.id = m.group_id WHERE m.user_id = ?';
    return (await this.#queries.all<IdentityRow>(sql, userId)).map(toIdentity);
  }

  async membersOf(groupId: string): Promise<Identity[]> {
    const sql = 'SELECT i.* FROM iam_memberships m JOIN iam_identities i ON i.id = m.user_id WHERE m.group_id = ?';
    return (await this.#queries.all<IdentityRow>(sql, groupId)).map(toIdentity);
  }

  async add(groupId: string, userId: string): Promise<void> {
    await this.#queries.run('INSERT INTO iam_memberships (group_id, user_id) VALUES (?, ?)', groupId, userId);
  }

  async remove(groupId: string, userId: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_memberships WHERE group_id = ? AND user_id = ?', groupId, userId);
  }
}

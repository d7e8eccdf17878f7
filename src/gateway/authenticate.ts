// Who sent a request: the access key decides the account, a session token the role.
import type { Caller } from '../services/service.ts';
import type { Recognised } from './recognise.ts';

/** Where the gateway learns whose keys are whose. Supplied by main from the services that hold them. */
export interface CallerDirectory {
  /** The role session that a token stands for; undefined when the token is not one of ours. */
  roleSession(sessionToken: string): Omit<Caller, 'region' | 'accessKeyId'> | undefined;
  /** The user that holds an access key; undefined when none does. */
  user(accessKeyId: string): Promise<Omit<Caller, 'region' | 'accessKeyId'> | undefined>;
  /** The secret of an access key, or of a session's; undefined for keys that were not made here. */
  secret(accessKeyId: string, sessionToken: string | undefined): Promise<string | undefined>;
}

export const defaultAccount = '000000000000';

/** The caller. Signatures are not checked: whoever can reach the port is trusted, which is why it is loopback. */
export async function authenticate(recognised: Recognised, directory: CallerDirectory): Promise<Caller> {
  const { accessKeyId, region, sessionToken } = recognised;
  const identity =
    (sessionToken === undefined ? undefined : directory.roleSession(sessionToken)) ??
    (await userOf(accessKeyId, directory));
  return { region, accessKeyId, ...(identity ?? rootOf(/^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount)) };
}

/** Keys that IAM makes start with AKIA; no other is worth a look. */
async function userOf(accessKeyId: string, directory: CallerDirectory) {
  return accessKeyId.startsWith('AKIA') ? directory.user(accessKeyId) : undefined;
}

function rootOf(account: string): Omit<Caller, 'region' | 'accessKeyId'> {
  return { account, arn: `arn:aws:iam::${account}:root`, userId: account };
}

// What IAM keeps, as the rest of this service sees it.

export type IdentityKind = 'role' | 'user' | 'group';

export interface Tag {
  Key: string;
  Value: string;
}

/** A role, a user or a group. */
export interface Identity {
  /** `AROA…`, `AIDA…` or `AGPA…`; stays when the name changes. */
  id: string;
  account: string;
  kind: IdentityKind;
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  partition: string;
  /** Epoch milliseconds, whole seconds. */
  createdAt: number;
  /** Always empty for groups. */
  tags: Tag[];
  /** Roles only. */
  description: string | undefined;
  /** ARN of the policy that bounds a role's or user's permissions. */
  boundary: string | undefined;
  /** Roles only: the document as it was given. */
  trustPolicy: string | undefined;
  /** Roles only. */
  maxSessionSeconds: number | undefined;
}

export interface InlinePolicy {
  name: string;
  document: string;
}

export interface AccessKey {
  id: string;
  account: string;
  /** Unique id of the user; the account's number for keys of its root. */
  ownerId: string;
  secret: string;
  active: boolean;
  createdAt: number;
}

/** A managed policy of an account. Its documents are its versions. */
export interface Policy {
  id: string;
  account: string;
  arn: string;
  name: string;
  path: string;
  description: string | undefined;
  tags: Tag[];
  createdAt: number;
  updatedAt: number;
  defaultVersion: number;
  /** The highest number ever given: numbers of deleted versions are not used again. */
  lastVersion: number;
}

export interface PolicyVersion {
  number: number;
  document: string;
  createdAt: number;
}

/** How often a policy is in use. */
export interface PolicyUsage {
  attachments: number;
  boundaries: number;
}

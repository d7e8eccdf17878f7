// Inline policies: documents that live within a role, user or group.
import type { CallContext } from '../service.ts';
import { limitExceeded, noSuchInlinePolicy } from './errors.ts';
import type { Iam } from './iam.ts';
import { requireIdentity } from './identities.ts';
import { limits } from './limits.ts';
import { type PageRequest, page } from './pages.ts';
import { checkIdentityPolicy, documentSize, encodeDocument } from './policy-document.ts';
import type { IdentityKind } from './store/index.ts';

/** Adds a policy, or replaces the one of that name. */
export async function putInlinePolicy(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  name: string,
  document: string,
): Promise<void> {
  checkIdentityPolicy(document);
  await iam.store.change(async (rows) => {
    const identity = await requireIdentity(rows, caller.account, kind, owner);
    const others = (await rows.inlinePolicies.of(identity.id)).filter((policy) => policy.name !== name);
    const size = others.reduce((sum, policy) => sum + documentSize(policy.document), documentSize(document));
    const limit = limits.inlinePolicySize[kind];
    if (size > limit)
      throw limitExceeded(`Maximum policy size of ${limit} bytes exceeded for ${kind} ${identity.name}`);
    await rows.inlinePolicies.put(identity.id, { name, document });
  });
}

/** A policy with its owner's name as it is spelt and its document encoded. */
export async function getInlinePolicy(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  name: string,
): Promise<{ owner: string; name: string; document: string }> {
  const identity = await requireIdentity(iam.store.rows, caller.account, kind, owner);
  const policy = (await iam.store.rows.inlinePolicies.of(identity.id)).find((each) => each.name === name);
  if (policy === undefined) throw noSuchInlinePolicy(kind, name);
  return { owner: identity.name, name: policy.name, document: encodeDocument(policy.document) };
}

export async function deleteInlinePolicy(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  name: string,
): Promise<void> {
  await iam.store.change(async (rows) => {
    const identity = await requireIdentity(rows, caller.account, kind, owner);
    if (!(await rows.inlinePolicies.delete(identity.id, name))) throw noSuchInlinePolicy(kind, name);
  });
}

export async function listInlinePolicies(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  request: PageRequest,
) {
  const identity = await requireIdentity(iam.store.rows, caller.account, kind, owner);
  const { items, rest } = page(await iam.store.rows.inlinePolicies.of(identity.id), (policy) => policy.name, request);
  return { PolicyNames: items.map((policy) => policy.name), ...rest };
}

// Policy documents that grant permissions: what IAM accepts, in the order and with the texts in which it refuses.
import { malformedPolicy, quotaExceeded } from './errors.ts';
import { limits } from './limits.ts';
import { isLegacyDate } from './policy-date.ts';
import { isLegacyResource, resourceFault } from './policy-resource.ts';
import { isSyntacticPolicy, listOf, type PolicyStatement, statementsOf } from './policy-syntax.ts';

/** Throws MalformedPolicyDocument when `document` is no policy for an identity. */
export function checkIdentityPolicy(document: string): void {
  const policy = parseJson(document);
  if (!isSyntacticPolicy(policy)) throw malformedPolicy('Syntax errors in policy.');
  checkStatements(statementsOf(policy));
}

/** The same for managed policies, which must be of the current version and have a size. Throws LimitExceeded as well. */
export function checkManagedPolicy(document: string): void {
  const policy = parseJson(document);
  if (!isSyntacticPolicy(policy)) throw malformedPolicy('Syntax errors in policy.');
  if (policy.Version !== '2012-10-17') {
    throw malformedPolicy('Policy document must be version 2012-10-17 or greater.');
  }
  checkStatements(statementsOf(policy));
  if (documentSize(document) > limits.managedPolicySize) throw quotaExceeded('PolicySize', limits.managedPolicySize);
}

/** Characters of a document as IAM counts them: without white space. */
export function documentSize(document: string): number {
  return document.replace(/\s/g, '').length;
}

/** A document as IAM answers it: percent-encoded by RFC 3986, which leaves fewer characters alone than JavaScript does. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkStatements(statements: readonly PolicyStatement[]): void {
  if (statements.some((each) => each.Principal !== undefined || each.NotPrincipal !== undefined)) {
    throw malformedPolicy('Policy document should not specify a principal.');
  }
  if (!statements.every(passesLegacyParsing)) throw malformedPolicy('The policy failed legacy parsing');
  const resources = statements.flatMap((each) => [...listOf(each.Resource), ...listOf(each.NotResource)]);
  const fault = resources.map(resourceFault).find((each) => each !== undefined);
  // IAM parses resources the old way only when they are well formed the new way.
  if (fault === undefined && !resources.every(isLegacyResource)) {
    throw malformedPolicy('The policy failed legacy parsing');
  }
  const sids = statements.map((each) => each.Sid).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
  if (statements.some((each) => actionsOf(each).length === 0)) {
    throw malformedPolicy('Policy statement must contain actions.');
  }
  if (fault !== undefined) throw malformedPolicy(fault);
  if (statements.some((each) => listOf(each.Resource ?? each.NotResource).length === 0)) {
    throw malformedPolicy('Policy statement must contain resources.');
  }
  for (const action of statements.flatMap(actionsOf)) checkAction(action);
}

function actionsOf(statement: PolicyStatement): string[] {
  return listOf(statement.Action ?? statement.NotAction);
}

function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor = '', ...names] = action.split(':');
  if (names.length === 0) {
    throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (names.length > 1) throw malformedPolicy('Actions/Condition can contain only one colon.');
  if (vendor !== '*' && /[^a-zA-Z0-9.-]/.test(vendor)) throw malformedPolicy(`Vendor ${vendor} is not valid`);
}

function passesLegacyParsing(statement: PolicyStatement): boolean {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return false;
  return Object.entries(statement.Condition ?? {})
    .filter(([operator]) => /^(For(Any|All)Values?:)?Date/.test(operator))
    .every(([, keys]) => Object.values(keys).flat().every(isLegacyDate));
}

// Trust policies: who may assume a role.
import { malformedPolicy, quotaExceeded } from './errors.ts';
import { limits } from './limits.ts';
import { documentSize, parseJson } from './policy-document.ts';
import { isSyntacticPolicy, listOf, type PolicyStatement, type Principal, statementsOf } from './policy-syntax.ts';

/** Throws MalformedPolicyDocument when `document` is no trust policy, LimitExceeded when it is too long. */
export function checkTrustPolicy(document: string): void {
  const policy = parseJson(document);
  if (typeof policy !== 'object' || policy === null) throw malformedPolicy('This policy contains invalid Json');
  if (!isSyntacticPolicy(policy)) throw malformedPolicy('Syntax errors in policy.');
  for (const statement of statementsOf(policy)) checkStatement(statement);
  if (documentSize(document) > limits.trustPolicySize) throw quotaExceeded('ACLSizePerRole', limits.trustPolicySize);
}

/**
 * Whether a role lets a service, e.g. `lambda.amazonaws.com`, assume it. Conditions speak of requests and are left out:
 * an allowance under conditions counts, a denial under conditions does not.
 */
export function trusts(trustPolicy: string, service: string): boolean {
  const policy = parseJson(trustPolicy);
  if (!isSyntacticPolicy(policy)) return false;
  const about = statementsOf(policy).filter((each) => assumes(each) && includes(each, service));
  const denied = about.some((each) => each.Effect === 'Deny' && Object.keys(each.Condition ?? {}).length === 0);
  return !denied && about.some((each) => each.Effect === 'Allow');
}

function checkStatement(statement: PolicyStatement): void {
  for (const element of ['Resource', 'NotResource'] as const) {
    if (statement[element] !== undefined) throw malformedPolicy(`Has prohibited field ${element}`);
  }
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal === undefined) throw malformedPolicy('Missing required field Principal');
  const actions = listOf(statement.Action ?? statement.NotAction);
  if (actions.length === 0) throw malformedPolicy('Missing required field Action');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformedPolicy(`Invalid effect: ${statement.Effect}`);
  }
  if (!actions.every((action) => /^sts:/i.test(action))) {
    throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  checkPrincipal(principal);
}

function checkPrincipal(principal: Principal): void {
  if (principal === '*') return;
  const named = Object.entries(principal).flatMap(([type, ids]) => listOf(ids).map((id) => [type, id] as const));
  if (named.length === 0) {
    throw malformedPolicy(
      'Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!',
    );
  }
  for (const [type, id] of named) {
    const valid = validPrincipals[type];
    if (valid !== undefined && !valid.test(id)) {
      throw malformedPolicy(`Invalid principal in policy: "${type === 'Service' ? 'SERVICE' : type}":"${id}"`);
    }
  }
}

/** Of an account: its number, an ARN within it, or the unique id that IAM keeps of a deleted role or user. */
const validPrincipals: Record<string, RegExp> = {
  AWS: /^(\*|\d{12}|A(ROA|IDA)[A-Z0-9]{12,}|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+)$/,
  Service: /^[a-z0-9*][\w.*-]*\.[a-z]{2,}$/,
};

function assumes(statement: PolicyStatement): boolean {
  if (statement.NotAction !== undefined) return !listOf(statement.NotAction).some(isAssumeRole);
  return listOf(statement.Action).some(isAssumeRole);
}

function isAssumeRole(action: string): boolean {
  const pattern = action
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test('sts:AssumeRole');
}

function includes(statement: PolicyStatement, service: string): boolean {
  if (statement.NotPrincipal !== undefined) return !names(statement.NotPrincipal, service);
  return statement.Principal !== undefined && names(statement.Principal, service);
}

function names(principal: Principal, service: string): boolean {
  return principal === '*' || listOf(principal['Service']).includes(service);
}

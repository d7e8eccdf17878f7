// Policy documents that a request brings whole: read, and judged as far as a policy of Lambda must be.
import { invalidParameter } from './errors.ts';
import { checkPolicyLength, type PolicyDocument, policyText, type Statement } from './resource-policy.ts';

/** Members that a statement may have. */
const statementMembers = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']);

/**
 * Reads the policy of the resource that `arn` names. Throws InvalidParameterValueException for what is no policy of it,
 * PolicyLengthExceededException for one beyond the limit.
 */
export function readPolicyDocument(text: string, arn: string): PolicyDocument {
  const given = parse(text);
  const { Version, Id, Statement: statements, ...others } = given;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') throw refused('Version must be 2012-10-17 or 2008-10-17');
  if (Id !== undefined && typeof Id !== 'string') throw refused('Id must be a string');
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw refused(`unknown element ${unknown}`);
  const list = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) throw refused('Statement must not be empty');
  const sids = new Set<string>();
  for (const statement of list) {
    checkStatement(statement, arn);
    if (statement.Sid === undefined) continue;
    if (sids.has(statement.Sid)) throw refused(`Sid ${statement.Sid} is not unique`);
    sids.add(statement.Sid);
  }
  const document: PolicyDocument = { Version, ...(Id === undefined ? {} : { Id }), Statement: list };
  checkPolicyLength(policyText(document));
  return document;
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('it is not JSON');
  }
  if (!isObject(value)) throw refused('it is not a JSON object');
  return value;
}

function checkStatement(value: unknown, arn: string): asserts value is Statement {
  if (!isObject(value)) throw refused('each statement must be a JSON object');
  const { Sid, Effect, Principal, Action, Resource, Condition } = value;
  const unknown = Object.keys(value).find((name) => !statementMembers.has(name));
  if (unknown !== undefined) throw refused(`unknown element ${unknown}`);
  if (Sid !== undefined && typeof Sid !== 'string') throw refused('Sid must be a string');
  if (Effect !== 'Allow' && Effect !== 'Deny') throw refused('Effect must be Allow or Deny');
  if (Principal !== '*' && !isPrincipal(Principal)) throw refused('Principal must name AWS accounts or services');
  if (!isActions(Action)) throw refused('Action must name actions of lambda');
  const resources = Array.isArray(Resource) ? Resource : [Resource];
  if (resources.length === 0 || resources.some((resource) => resource !== arn)) {
    throw refused(`Resource must be ${arn}`);
  }
  if (Condition !== undefined && !(isObject(Condition) && Object.values(Condition).every(isObject))) {
    throw refused('Condition must hold operators with keys and values');
  }
}

function isPrincipal(value: unknown): boolean {
  if (!isObject(value)) return false;
  const kinds = Object.entries(value);
  return kinds.length > 0 && kinds.every(([, names]) => isStrings(names));
}

function isActions(value: unknown): boolean {
  const isAction = (action: string) => action === '*' || /^lambda:(\*|[a-zA-Z]+\*?)$/.test(action);
  return isStrings(value) && (Array.isArray(value) ? value : [value]).every(isAction);
}

function isStrings(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === 'string';
  return value.length > 0 && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const refused = (why: string) => invalidParameter(`The provided policy document is invalid: ${why}.`);

// The grammar of policies, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.

export interface PolicySyntax {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement | PolicyStatement[];
}

export type Principal = '*' | Record<string, string | string[]>;

export interface PolicyStatement {
  Sid?: string;
  Effect: string;
  Principal?: Principal;
  NotPrincipal?: Principal;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

const policyElements = ['Version', 'Id', 'Statement'];
const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const statementElements: Record<string, (value: unknown) => boolean> = {
  Sid: isString,
  Effect: (value) => isString(value) && /^(allow|deny)$/i.test(value),
  Principal: isPrincipal,
  NotPrincipal: isPrincipal,
  Action: isStrings,
  NotAction: isStrings,
  Resource: isStrings,
  NotResource: isStrings,
  Condition: isCondition,
};
const operators =
  /^(For(AnyValue|AllValues):)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Date((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

/** True when `value` has the form of a policy; which elements it must have beyond that depends on its use. */
export function isSyntacticPolicy(value: unknown): value is PolicySyntax {
  if (!isObject(value) || !Object.keys(value).every((key) => policyElements.includes(key))) return false;
  const { Version, Id, Statement } = value;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') return false;
  if (Id !== undefined && !isString(Id)) return false;
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.length > 0 && statements.every(isStatement);
}

export function statementsOf(policy: PolicySyntax): PolicyStatement[] {
  return Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
}

/** What may be one string or several, as several. */
export function listOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isStatement(value: unknown): value is PolicyStatement {
  if (!isObject(value) || value['Effect'] === undefined) return false;
  for (const element of ['Action', 'Resource', 'Principal']) {
    if (value[element] !== undefined && value[`Not${element}`] !== undefined) return false;
  }
  return Object.entries(value).every(([key, part]) => statementElements[key]?.(part) === true);
}

function isPrincipal(value: unknown): boolean {
  if (value === '*') return true;
  return (
    isObject(value) && Object.entries(value).every(([type, ids]) => principalTypes.includes(type) && isStrings(ids))
  );
}

function isCondition(value: unknown): boolean {
  return isObject(value) && Object.entries(value).every(([operator, keys]) => isConditionKeys(operator, keys));
}

/** An operator that does not exist is no error as long as it compares nothing. */
function isConditionKeys(operator: string, keys: unknown): boolean {
  if (!isObject(keys)) return false;
  const values = Object.values(keys);
  return values.length === 0 || (operators.test(operator) && values.flat().every(isScalar));
}

function isScalar(value: unknown): boolean {
  return isString(value) || typeof value === 'number' || typeof value === 'boolean';
}

function isStrings(value: unknown): boolean {
  return isString(value) || (Array.isArray(value) && value.every(isString));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

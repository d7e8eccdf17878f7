// Resource policies of functions, their qualifiers and layer versions: statements made, added and taken away, as AWS
// words them.
import { parseArn } from '../../core/arn.ts';
import { invalidParameter, policyLengthExceeded, resourceConflict, resourceNotFound } from './errors.ts';
import { limits } from './limits.ts';

export interface Statement {
  Sid?: string;
  Effect: string;
  Principal: '*' | Record<string, string | string[]>;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy as it is kept and told; one without statements is none. */
export interface PolicyDocument {
  Version: string;
  Id?: string;
  Statement: Statement[];
}

/** What a permission allows, in the words of AddPermission and AddLayerVersionPermission. */
export interface Permission {
  sid: string;
  /** A service, an account, an ARN, or `*`. */
  principal: string;
  action: string;
  /** ARN of the function, its qualifier, or the layer version. */
  resource: string;
  sourceArn?: string | undefined;
  sourceAccount?: string | undefined;
  eventSourceToken?: string | undefined;
  functionUrlAuthType?: string | undefined;
  invokedViaFunctionUrl?: boolean | undefined;
  principalOrgId?: string | undefined;
}

/** The statement that a permission becomes. Throws InvalidParameterValueException for what is no principal. */
export function buildStatement(permission: Permission): Statement {
  const condition = conditionOf(permission);
  return {
    Sid: permission.sid,
    Effect: 'Allow',
    Principal: principalOf(permission.principal, permission.resource),
    Action: permission.action,
    Resource: permission.resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/**
 * `policy` with one more statement. Throws ResourceConflictException when its id is taken, and
 * PolicyLengthExceededException when the policy would grow beyond the limit.
 */
export function addStatement(policy: PolicyDocument | undefined, statement: Statement): PolicyDocument {
  const before = policy ?? { Version: '2012-10-17', Id: 'default', Statement: [] };
  if (before.Statement.some(({ Sid }) => Sid === statement.Sid)) {
    throw resourceConflict(
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const after = { ...before, Statement: [...before.Statement, statement] };
  checkPolicyLength(policyText(after));
  return after;
}

/** `policy` without a statement; undefined when that was its last. Throws ResourceNotFoundException for an unknown id. */
export function removeStatement(policy: PolicyDocument, sid: string): PolicyDocument | undefined {
  const kept = policy.Statement.filter(({ Sid }) => Sid !== sid);
  if (kept.length === policy.Statement.length) {
    throw resourceNotFound(`Statement ${sid} is not found in resource policy.`);
  }
  return kept.length === 0 ? undefined : { ...policy, Statement: kept };
}

/** The policy as GetPolicy and GetLayerVersionPolicy tell it. */
export function policyText(policy: PolicyDocument): string {
  return JSON.stringify(policy);
}

/** Throws PolicyLengthExceededException for a policy beyond the limit. */
export function checkPolicyLength(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.policyBytes) throw policyLengthExceeded(bytes, limits.policyBytes);
}

/** `s3.amazonaws.com`, what stands in its place in other partitions, and Alexa's `alexa-appkit.amazon.com`. */
const servicePrincipal = /^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/;

function principalOf(principal: string, resource: string): Statement['Principal'] {
  if (principal === '*') return principal;
  if (servicePrincipal.test(principal)) return { Service: principal };
  if (/^\d{12}$/.test(principal)) {
    return { AWS: `arn:${parseArn(resource)?.partition ?? 'aws'}:iam::${principal}:root` };
  }
  if (principalArn.test(principal)) return { AWS: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

/** An account, user, role, or a session of one: IAM takes nothing else for a principal. */
const principalArn =
  /^arn:aws[a-zA-Z-]*:(iam::\d{12}:(root|user\/.+|role\/.+)|sts::\d{12}:(assumed-role|federated-user)\/.+|iam::cloudfront:user\/.+)$/;

/** In the order in which AWS tells conditions. */
function conditionOf(permission: Permission): NonNullable<Statement['Condition']> {
  const equals = compact({
    'AWS:SourceAccount': permission.sourceAccount,
    'lambda:FunctionUrlAuthType': permission.functionUrlAuthType,
    'aws:PrincipalOrgID': permission.principalOrgId,
    'lambda:EventSourceToken': permission.eventSourceToken,
  });
  return compact<Record<string, string>>({
    StringEquals: Object.keys(equals).length === 0 ? undefined : equals,
    Bool:
      permission.invokedViaFunctionUrl === undefined
        ? undefined
        : { 'lambda:InvokedViaFunctionUrl': String(permission.invokedViaFunctionUrl) },
    ArnLike: permission.sourceArn === undefined ? undefined : { 'AWS:SourceArn': permission.sourceArn },
  });
}

/** `members` without those that are undefined. */
function compact<T>(members: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Record<string, T>;
}

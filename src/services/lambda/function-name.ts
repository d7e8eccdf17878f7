// The forms in which a request may name a function: name, partial ARN, full ARN, each with or without a qualifier.
import { formatArn } from '../../core/arn.ts';
import type { Caller } from '../service.ts';
import { accessDenied, invalidParameter, resourceNotFound } from './errors.ts';
import type { FunctionKey } from './store/index.ts';

export interface FunctionReference {
  account: string;
  region: string;
  name: string;
  /** `$LATEST`, a version number or an alias; undefined when the request names none. */
  qualifier: string | undefined;
}

const form =
  /^(?:arn:[^:]+:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

/**
 * Reads `name` and the request's own qualifier; `action` is what IAM calls the operation. Throws
 * InvalidParameterValueException when both qualify and differ, ResourceNotFoundException for another region,
 * AccessDeniedException for another account.
 */
export function resolveFunctionName(
  name: string,
  caller: Caller,
  action: string,
  qualifier?: string,
): FunctionReference {
  const match = form.exec(name);
  if (match === null) throw invalidParameter(`${name} is not a valid function name or ARN`);
  const [, region, account, bare, derived] = match;
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  if (region !== undefined && region !== caller.region) {
    throw resourceNotFound(`Functions from '${region}' are not reachable in this region ('${caller.region}')`);
  }
  if (account !== undefined && account !== caller.account) {
    const arn = functionArn({ account, region: caller.region, name: bare! }, qualifier ?? derived);
    throw accessDenied(
      `User: ${caller.arn} is not authorized to perform: lambda:${action} on resource: ${arn} because no resource-based policy allows the lambda:${action} action`,
    );
  }
  return { account: caller.account, region: caller.region, name: bare!, qualifier: qualifier ?? derived };
}

/** The function that `name` is about where that is another account's of the caller's region; undefined for all else. */
export function otherAccountsFunction(name: string, caller: Caller, qualifier?: string): FunctionReference | undefined {
  if (!name.includes(':')) return undefined;
  const [, region, account, bare, derived] = form.exec(name) ?? [];
  if (account === undefined || account === caller.account || (region ?? caller.region) !== caller.region)
    return undefined;
  return { account, region: caller.region, name: bare!, qualifier: qualifier ?? derived };
}

/** The account that a name in one of the longer forms tells; undefined for all else. */
export function accountOfArn(name: string): string | undefined {
  return form.exec(name)?.[2];
}

/** The function that an operation on functions only is about. Throws InvalidParameterValueException for a version or alias. */
export function resolveUnqualified(name: string, caller: Caller, action: string): FunctionKey {
  const { account, region, name: bare, qualifier } = resolveFunctionName(name, caller, action);
  if (qualifier !== undefined && qualifier !== '$LATEST') {
    throw invalidParameter(
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    );
  }
  return { account, region, name: bare };
}

/** Unqualified ARN, or with `qualifier` appended. */
export function functionArn(reference: { account: string; region: string; name: string }, qualifier?: string): string {
  const resource = `function:${reference.name}${qualifier === undefined ? '' : `:${qualifier}`}`;
  return formatArn('lambda', reference.region, reference.account, resource);
}

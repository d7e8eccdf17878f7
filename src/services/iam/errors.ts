// Errors of IAM, under the codes that the query protocol carries.
import { AwsError } from '../../core/errors.ts';
import type { IdentityKind } from './store/index.ts';

const titles = { role: 'Role', user: 'User', group: 'Group' } as const;

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', message, { status: 404 });

const alreadyExists = (message: string) => new AwsError('EntityAlreadyExists', message, { status: 409 });

export const validationError = (message: string) => new AwsError('ValidationError', message);

export const invalidInput = (message: string) => new AwsError('InvalidInput', message);

export const deleteConflict = (message: string) => new AwsError('DeleteConflict', message, { status: 409 });

export const limitExceeded = (message: string) => new AwsError('LimitExceeded', message, { status: 409 });

export const malformedPolicy = (message: string) => new AwsError('MalformedPolicyDocument', message);

export const accessDenied = (message: string) => new AwsError('AccessDenied', message, { status: 403 });

export const quotaExceeded = (quota: string, limit: number) =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);

export const noSuchIdentity = (kind: IdentityKind, name: string) =>
  noSuchEntity(`The ${kind} with name ${name} cannot be found.`);

export const identityExists = (kind: IdentityKind, name: string) =>
  alreadyExists(`${titles[kind]} with name ${name} already exists.`);

export const noSuchInlinePolicy = (kind: IdentityKind, name: string) =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);

export const noSuchPolicy = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);

export const policyNotAttachable = (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

export const noSuchBoundary = (arn: string) => noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);

export const noSuchPolicyVersion = (arn: string, version: string) =>
  noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);

export const policyExists = (name: string) =>
  alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);

export const noSuchAccessKey = (accessKeyId: string) =>
  noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);

export const noSuchLoginProfile = (userName: string) =>
  noSuchEntity(`Login Profile for User ${userName} cannot be found.`);

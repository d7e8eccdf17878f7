// Errors of X-Ray. Its API models one for all that is wrong with a request.
import { AwsError } from '../../core/errors.ts';

const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);

export const invalidTimeRange = () => invalidRequest('StartTime must be before EndTime.');

export const tooLongTimeRange = (hours: number) => invalidRequest(`Time range cannot be longer than ${hours} hours.`);

export const tooManyTraceIds = (most: number) => invalidRequest(`TraceIds can have at most ${most} items.`);

export const invalidNextToken = () => invalidRequest('Invalid NextToken.');

export const invalidFilter = (problem: string) => invalidRequest(`Invalid filter expression: ${problem}`);

export const noSuchGroup = () => invalidRequest('Group not found');

export const groupExists = () => invalidRequest('A group with this name already exists.');

export const tooManyGroups = () => invalidRequest('Group limit exceeded.');

export const nameOrArn = (what: 'Group' | 'Rule') =>
  invalidRequest(`Exactly one of ${what}Name and ${what}ARN must be given.`);

export const nameNeeded = () => invalidRequest('RuleName is required and RuleARN must not be given.');

export const noSuchRule = () => invalidRequest('Sampling rule not found.');

export const ruleExists = () => invalidRequest('A sampling rule with this name already exists.');

export const defaultRuleStays = () => invalidRequest('The Default rule cannot be deleted.');

export const defaultRuleMatchesAll = () =>
  invalidRequest('Only FixedRate and ReservoirSize of the Default rule can be changed.');

export const unknownRuleVersion = () => invalidRequest('Version of a sampling rule must be 1.');

export const tooManyRules = () => new AwsError('RuleLimitExceededException', 'The sampling rule limit is exceeded.');

export const keyNotWanted = () => invalidRequest('KeyId must not be given for type NONE.');

/** What X-Ray has and this release does not do. */
export const notBuilt = (what: string) => invalidRequest(`Lambent does not support ${what} yet.`);

export const resourceNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', `Resource not found: ${arn}`, {
    status: 404,
    members: { ResourceName: arn },
  });

export const tooManyTags = (most: number) =>
  new AwsError('TooManyTagsException', `A resource can have at most ${most} tags.`, { members: {} });

export const systemTag = () => invalidRequest('Tag keys must not begin with aws:');

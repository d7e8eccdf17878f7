// Errors of CloudWatch.
import { AwsError } from '../../core/errors.ts';

export const invalidParameterValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const invalidParameterCombination = (message: string) =>
  new AwsError('InvalidParameterCombinationException', message);

export const missingParameter = (message: string) => new AwsError('MissingRequiredParameterException', message);

export const validationError = (message: string) => new AwsError('ValidationError', message);

export const invalidNextToken = () => new AwsError('InvalidNextToken', 'The next token is invalid.');

/** A setting that nothing would act on; `subject` with its verb, e.g. `Alarm actions of EC2 are`. */
export const notBuilt = (subject: string) => validationError(`${subject} not supported by this release of Lambent.`);

export const alarmNotFound = () => new AwsError('ResourceNotFound', '', { status: 404 });

export const resourceNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', 'Unknown', { status: 404, members: { ResourceId: arn } });

export const invalidFormat = (message: string) => new AwsError('InvalidFormatFault', message);

export const dashboardNotFound = (message: string) => new AwsError('DashboardNotFoundError', message, { status: 404 });

export const limitExceeded = (message: string) => new AwsError('LimitExceededFault', message);

/** A name that metric and composite alarms share. */
export const otherTypeOfAlarm = (name: string) =>
  validationError(`An alarm of another type with the name ${name} exists already.`);

export const invalidDashboard = (message: string, findings: { dataPath: string; message: string }[] = []) =>
  new AwsError('DashboardInvalidInputError', message, {
    members: {
      dashboardValidationMessages: findings.map((each) => ({ DataPath: each.dataPath, Message: each.message })),
    },
  });

// Where events go that a function could not process: which targets a function may name.
import { parseArn } from '../../core/arn.ts';
import { invalidParameter } from './errors.ts';

/** Throws InvalidParameterValueException unless `target` is the ARN of a standard SQS queue or SNS topic. */
export function checkDeadLetterTarget(target: string): void {
  const arn = parseArn(target);
  if (arn === undefined || (arn.service !== 'sqs' && arn.service !== 'sns') || arn.resource === '') {
    throw invalidParameter(`Invalid dead letter ARN: ${target} is neither an SQS queue nor an SNS topic`);
  }
  if (arn.resource.endsWith('.fifo')) {
    const kind = arn.service === 'sqs' ? 'queue ARN: FIFO SQS queue' : 'topic ARN: FIFO SNS topic';
    throw invalidParameter(`Invalid dead letter ${kind} is not supported for dead letter configuration`);
  }
}

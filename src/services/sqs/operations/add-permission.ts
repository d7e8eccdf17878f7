// AddPermission: a statement of the queue's policy, by a label.
import { invalidValue, missingParameter, overLimit } from '../errors.ts';
import { limits } from '../limits.ts';
import { policyWith } from '../policy.ts';
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html. */
const shareable = [
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
];

const owners = [
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueues',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
];

export function addPermission(sqs: Sqs): SqsOperation<'AddPermission'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const { Label: label, AWSAccountIds: accounts = [], Actions: actions = [] } = input;
    if (label === undefined) throw missingParameter('Label');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
      throw invalidValue(
        label,
        'Label',
        'Label can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (actions.length === 0) throw missingParameter('Actions');
    if (accounts.length === 0) throw invalidValue('[]', 'PrincipalId', 'Unable to verify.');
    for (const account of accounts) {
      if (!/^\d{12}$/.test(account)) throw invalidValue(`[${account}]`, 'PrincipalId', 'Unable to verify.');
    }
    for (const action of actions) {
      if (shareable.includes(action)) continue;
      const reason = owners.includes(action)
        ? 'Only the queue owner is allowed to invoke this action.'
        : 'Please refer to the appropriate WSDL for a list of valid actions. ';
      throw invalidValue(`SQS:${action}`, 'ActionName', reason);
    }
    if (actions.length > limits.permissionActions) {
      throw overLimit(`${actions.length} Actions were found, maximum allowed is ${limits.permissionActions}.`);
    }
    await changeQueue(sqs, queue, async (queries) => {
      const Policy = policyWith(queue, label, accounts, actions);
      const attributes = { ...queue.state.attributes, Policy };
      await sqs.store.queues.update(queries, queue, { attributes, modified: sqs.clock.now() });
    });
    return {};
  };
}

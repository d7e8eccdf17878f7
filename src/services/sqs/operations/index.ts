// The operations of SQS, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { Sqs } from '../sqs.ts';
import { addPermission } from './add-permission.ts';
import { cancelMessageMoveTask } from './cancel-message-move-task.ts';
import { changeMessageVisibility } from './change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { deleteQueue } from './delete-queue.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getQueueUrl } from './get-queue-url.ts';
import { listDeadLetterSourceQueues } from './list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './list-message-move-tasks.ts';
import { listQueueTags } from './list-queue-tags.ts';
import { listQueues } from './list-queues.ts';
import { purgeQueue } from './purge-queue.ts';
import { receiveMessage } from './receive-message.ts';
import { removePermission } from './remove-permission.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';
import { startMessageMoveTask } from './start-message-move-task.ts';
import { tagQueue } from './tag-queue.ts';
import { untagQueue } from './untag-queue.ts';

export function operationsOf(sqs: Sqs): OperationTable<'sqs'> {
  return {
    AddPermission: addPermission(sqs),
    CancelMessageMoveTask: cancelMessageMoveTask(sqs),
    ChangeMessageVisibility: changeMessageVisibility(sqs),
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
    CreateQueue: createQueue(sqs),
    DeleteMessage: deleteMessage(sqs),
    DeleteMessageBatch: deleteMessageBatch(sqs),
    DeleteQueue: deleteQueue(sqs),
    GetQueueAttributes: getQueueAttributes(sqs),
    GetQueueUrl: getQueueUrl(sqs),
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues(sqs),
    ListMessageMoveTasks: listMessageMoveTasks(sqs),
    ListQueueTags: listQueueTags(sqs),
    ListQueues: listQueues(sqs),
    PurgeQueue: purgeQueue(sqs),
    ReceiveMessage: receiveMessage(sqs),
    RemovePermission: removePermission(sqs),
    SendMessage: sendMessage(sqs),
    SendMessageBatch: sendMessageBatch(sqs),
    SetQueueAttributes: setQueueAttributes(sqs),
    StartMessageMoveTask: startMessageMoveTask(sqs),
    TagQueue: tagQueue(sqs),
    UntagQueue: untagQueue(sqs),
  };
}

// Limits of Amazon SQS, and the bounds that Lambent sets itself.

export const limits = {
  // quotas-messages.html and API_SendMessageBatch.html
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  messageAttributes: 10,
  messageAttributeNameLength: 256,
  messageAttributeTypeLength: 256,
  groupIdLength: 128,
  deduplicationIdLength: 128,
  // API_ReceiveMessage.html
  maxMessages: 10,
  waitSeconds: 20,
  visibilitySeconds: 43_200,
  delaySeconds: 900,
  /** In-flight messages of a queue, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html. */
  inFlight: 120_000,
  // FIFO-queues-exactly-once-processing.html, API_ReceiveMessage.html
  deduplicationMs: 300_000,
  receiveAttemptMs: 300_000,
  // API_PurgeQueue.html, API_DeleteQueue.html
  purgeIntervalMs: 60_000,
  nameReuseMs: 60_000,
  // API_SetQueueAttributes.html
  maxReceiveCount: 1_000,
  redriveSourceQueues: 10,
  // API_ListQueues.html, API_ListDeadLetterSourceQueues.html
  listPage: 1_000,
  // API_AddPermission.html, quotas-policies.html
  permissionActions: 7,
  policyStatements: 20,
  // quotas-queues.html
  tagsPerQueue: 50,
  tagKeyLength: 128,
  tagValueLength: 256,
  // API_StartMessageMoveTask.html, API_ListMessageMoveTasks.html
  moveRate: 500,
  moveTasksListed: 10,
} as const;

/** Bounds of our own. */
export const bounds = {
  /** Numbers that are taken from the store at once: one write for so many messages. */
  numbersAtOnce: 1_000_000,
  /** Rows that one transaction of the background deletes. */
  sweepRows: 500,
  sweepIntervalMs: 3_600_000,
  /** Expired rows that an operation clears away on its own. */
  rowsAside: 20,
  /** Looks for deliverable messages that one ReceiveMessage takes when it moves dead ones aside. */
  deadLetterRounds: 50,
  /** Messages that a move task without a rate moves in one transaction. */
  moveBatch: 100,
  /** Receive attempts that are remembered; the oldest are forgotten first. */
  receiveAttempts: 100_000,
} as const;

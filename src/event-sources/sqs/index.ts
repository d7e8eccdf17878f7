// The door of the event source SQS.
import type { EventSource } from '../event-source.ts';
import { QueuePoller } from './queue-poller.ts';

/** Polls a standard or a FIFO queue. */
export const pollQueue: EventSource = (mapping, parts) => new QueuePoller(mapping, parts);

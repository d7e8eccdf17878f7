// The door of the event queue.
export { backOffMs } from './back-off.ts';
export { EventQueue, type EventQueueParts } from './event-queue.ts';
export type { Disposition, EventHandler, NewEvent, QueuedEvent } from './queued-event.ts';

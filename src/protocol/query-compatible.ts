// Services that left the query protocol for another still tell clients the old error codes, in a header.
import type { Contract } from '../contracts/contract.ts';
import type { ErrorShape } from './error-shape.ts';

/** `x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender`, for services that are so modelled. */
export function queryErrorHeader(contract: Contract, shape: ErrorShape): Record<string, string> {
  if (!contract.metadata.queryCompatible) return {};
  return { 'x-amzn-query-error': `${shape.queryCode};${shape.fault === 'client' ? 'Sender' : 'Receiver'}` };
}

// Reads what a runtime posts, up to what a response may hold.
import type { IncomingMessage } from 'node:http';

/** AWS's bound on a buffered response: 6 MB and 100 bytes. */
export const maxResponseBytes = 6_291_556;

/** The body; undefined when it is larger than `limitBytes` (the rest is discarded). Rejects when it breaks off. */
export async function readPayload(
  request: IncomingMessage,
  limitBytes = maxResponseBytes,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
  }
  return length > limitBytes ? undefined : Buffer.concat(chunks, length);
}

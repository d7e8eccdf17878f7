// Sequence numbers of FIFO queues: twenty digits that grow with a message's position.

const base = 18_800_000_000_000_000_000n;
/** AWS's numbers have gaps too. */
const step = 256n;

export function sequenceNumber(position: number): string {
  return String(base + BigInt(position) * step);
}

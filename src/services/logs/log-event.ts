// A stored log event, the total order of events, and an event's place in that order as text.

/** A place in the order of events: by time, then stream, then the sequence in which the stream took them in. */
export interface Position {
  /** Epoch milliseconds. */
  timestamp: number;
  streamId: number;
  sequence: number;
}

export interface LogEvent extends Position {
  message: string;
  /** Epoch milliseconds. */
  ingestionTime: number;
}

export function comparePositions(a: Position, b: Position): number {
  return a.timestamp - b.timestamp || a.streamId - b.streamId || a.sequence - b.sequence;
}

/** A position as AWS writes event ids: 56 decimal digits that sort as the positions do. */
export function formatPosition({ timestamp, streamId, sequence }: Position): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `3${digits(timestamp, 15)}${digits(streamId, 20)}${digits(sequence, 20)}`;
}

/** The position that `text` names; undefined when `formatPosition` never wrote it. */
export function parsePosition(text: string): Position | undefined {
  const match = /^3(\d{15})(\d{20})(\d{20})$/.exec(text);
  if (match === null) return undefined;
  const [timestamp, streamId, sequence] = match.slice(1).map(Number) as [number, number, number];
  return [timestamp, streamId, sequence].every(Number.isSafeInteger) ? { timestamp, streamId, sequence } : undefined;
}

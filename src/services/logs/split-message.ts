// A record that is longer than an event may be, as several events.
import { limits } from './limits.ts';

const maxBytes = limits.eventBytes - limits.eventOverheadBytes;

/** True when `message` may not fit one event; cheap for all but long ones. */
export function mayExceedEvent(message: string): boolean {
  // A UTF-16 unit is at most three bytes of UTF-8.
  return message.length * 3 > maxBytes;
}

/** Cuts `message` into parts that each fit an event, never within a character. One part when it fits as it is. */
export function splitMessage(message: string): string[] {
  const bytes = Buffer.from(message);
  if (bytes.length <= maxBytes) return [message];
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + maxBytes, bytes.length);
    // Bytes 10xxxxxx continue a character.
    while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}

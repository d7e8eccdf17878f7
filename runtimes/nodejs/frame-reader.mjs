// Cuts the bytes from the platform into frames.
import { FrameType } from './frame-types.mjs';

const maxFrameBytes = 64 * 1024 * 1024;

/**
 * Returns `receive(bytes, buffer)`, which calls `onFrame(type, head, payload)` for each whole frame; `payload` is the
 * event's JSON text. What `buffer` holds is not kept beyond the call. Throws `RangeError` on a frame over the limit.
 */
export function createFrameReader(onFrame) {
  let pending = null;
  let pendingBytes = 0;

  function dispatch(buffer, start, end) {
    const type = buffer[start];
    if (type === FrameType.invoke) {
      const headEnd = start + 3 + buffer.readUInt16BE(start + 1);
      const head = JSON.parse(buffer.utf8Slice(start + 3, headEnd));
      onFrame(type, head, buffer.utf8Slice(headEnd, end));
    } else {
      onFrame(type, JSON.parse(buffer.utf8Slice(start + 1, end)));
    }
  }

  /** Handles the whole frames in `buffer`, and returns how many bytes they took. */
  function consume(buffer, end) {
    let at = 0;
    while (end - at >= 4) {
      const length = buffer.readUInt32BE(at);
      if (length < 1 || length > maxFrameBytes) throw new RangeError(`frame of ${length} bytes`);
      if (end - at < 4 + length) {
        if (pending === null) pending = Buffer.allocUnsafeSlow(4 + length);
        break;
      }
      dispatch(buffer, at + 4, at + 4 + length);
      at += 4 + length;
    }
    return at;
  }

  function receive(bytes, buffer) {
    if (bytes <= 0) return true;
    let at = 0;
    while (at < bytes) {
      if (pending === null) {
        at += consume(at === 0 ? buffer : buffer.subarray(at), bytes - at);
        if (at === bytes) break;
        // A piece of a frame is left over. `pending` is as long as the frame when its length is known already.
        pending ??= Buffer.allocUnsafeSlow(4);
        pendingBytes = 0;
      }
      const taken = Math.min(bytes - at, pending.length - pendingBytes);
      buffer.copy(pending, pendingBytes, at, at + taken);
      pendingBytes += taken;
      at += taken;
      if (pendingBytes < pending.length) break;
      const whole = pending;
      pending = null;
      if (consume(whole, whole.length) === 0) {
        // Only the length was there: go on with a buffer for the whole frame.
        whole.copy(pending, 0);
        pendingBytes = whole.length;
      }
    }
    return true;
  }

  return receive;
}

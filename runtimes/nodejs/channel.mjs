// The function's end of the frame channel; the wire format is described in src/sandbox/frames.ts.
//
// Reading goes through a socket, so that the event loop stays free. Writing is synchronous: a record that has been
// logged or a response that has been given has left the process, whatever it does next, and their order is certain.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

export const FrameType = {
  assign: 1,
  invoke: 2,
  booted: 16,
  ready: 17,
  initError: 18,
  response: 19,
  error: 20,
  log: 21,
};

const maxFrameBytes = 64 * 1024 * 1024;
/** Payloads near the frame limit are refused here; AWS's own limit, which is far lower, is the platform's to keep. */
const maxPayloadBytes = 32 * 1024 * 1024;
const bufferBytes = 64 * 1024;

/** Opens the channel on `fd`; `onClose` runs when the platform has gone. Nothing is read before `start`. */
export function createChannel(fd, onClose) {
  const out = Buffer.allocUnsafeSlow(bufferBytes);
  let onFrame;
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

  const socket = new Socket({
    fd,
    readable: true,
    writable: true,
    onread: { buffer: Buffer.allocUnsafeSlow(bufferBytes), callback: receive },
  });
  socket.on('error', onClose);
  socket.on('close', onClose);
  socket.on('end', onClose);

  function write(buffer, end) {
    let at = 0;
    while (at < end) {
      try {
        at += writeSync(fd, buffer, at, end - at);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
        waitBriefly();
      }
    }
  }

  function sendParts(type, headJson, payload) {
    if ((headJson.length + payload.length) * 3 + 7 <= bufferBytes && typeof payload === 'string') {
      const headBytes = out.utf8Write(headJson, 7);
      const end = 7 + headBytes + out.utf8Write(payload, 7 + headBytes);
      out.writeUInt32BE(end - 4, 0);
      out[4] = type;
      out.writeUInt16BE(headBytes, 5);
      write(out, end);
      return;
    }
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const headBytes = out.utf8Write(headJson, 7);
    out.writeUInt32BE(3 + headBytes + body.length, 0);
    out[4] = type;
    out.writeUInt16BE(headBytes, 5);
    write(out, 7 + headBytes);
    write(body, body.length);
  }

  return {
    /** Calls `listener(type, head, payload)` for each frame; `payload` is the event's JSON text. */
    start(listener) {
      onFrame = listener;
      socket.resume();
    },
    /** While held, the channel alone keeps the event loop from being empty. */
    hold: () => socket.ref(),
    release: () => socket.unref(),

    sendJson(type, value) {
      const json = JSON.stringify(value);
      const bytes = out.utf8Write(json, 5);
      out.writeUInt32BE(1 + bytes, 0);
      out[4] = type;
      write(out, 5 + bytes);
    },

    /** `payload` is a string or a Buffer; `contentType` is left out for JSON. */
    sendResponse(requestId, payload, contentType) {
      if (payload.length > maxPayloadBytes) {
        this.sendError(FrameType.error, requestId, responseTooLarge, false);
        return;
      }
      const type = contentType === undefined ? '' : `,"contentType":${JSON.stringify(contentType)}`;
      sendParts(
        FrameType.response,
        `{"requestId":${JSON.stringify(requestId)},"maxRssKib":${process.resourceUsage().maxRSS}${type}}`,
        payload,
      );
    },

    /** `payload` is AWS's `{errorType, errorMessage, trace}`. */
    sendError(type, requestId, payload, fatal) {
      const { maxRSS: maxRssKib } = process.resourceUsage();
      const head = { requestId, errorType: String(payload.errorType).slice(0, 1024), maxRssKib };
      if (fatal) head.fatal = true;
      sendParts(type, JSON.stringify(head), JSON.stringify(payload));
    },

    /** Sends one record, without its final line break. */
    sendLog(timeMs, text) {
      sendParts(
        FrameType.log,
        `{"time":${timeMs}}`,
        text.length > maxPayloadBytes ? text.slice(0, maxPayloadBytes) : text,
      );
    },
  };
}

const responseTooLarge = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  trace: [],
};

/** Sleeps without running anything else: the platform has not yet taken what was written before. */
function waitBriefly() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

// Writes frames to the platform, synchronously: a record that has been logged or a response that has been given has left
// the process, whatever it does next, and their order is certain.
import { writeSync } from 'node:fs';
import { FrameType } from './frame-types.mjs';

/** Payloads near the frame limit are refused here; AWS's own limit, which is far lower, is the platform's to keep. */
const maxPayloadBytes = 32 * 1024 * 1024;
const bufferBytes = 64 * 1024;

export function createFrameWriter(fd) {
  const out = Buffer.allocUnsafeSlow(bufferBytes);

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
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.05);
}

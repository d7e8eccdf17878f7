// Writes frames to the platform, synchronously: a record that has been logged or a response that has been given has left
// the process, whatever it does next, and their order is certain.
import { writeSync } from 'node:fs';
import { FrameType } from './frame-types.mjs';

/** Payloads near the frame limit are refused here; AWS's own limit, which is far lower, is the platform's to keep. */
const maxPayloadBytes = 32 * 1024 * 1024;
const bufferBytes = 64 * 1024;
/** A piece of a streamed response that the platform does not take yet is tried this often at once, then each millisecond. */
const promptTries = 50;

export function createFrameWriter(fd) {
  const out = Buffer.allocUnsafeSlow(bufferBytes);
  /** The response that is being sent in pieces: nothing else is written in the midst of one of its frames. */
  let streamed = null;
  /** Holds one frame of it. */
  let frame;

  function write(buffer, end) {
    if (streamed !== null && streamed.frameAt < streamed.frameEnd) {
      const { frameAt, frameEnd } = streamed;
      streamed.frameAt = frameEnd;
      writeFrom(frame, frameAt, frameEnd);
    }
    writeFrom(buffer, 0, end);
  }

  function writeFrom(buffer, at, end) {
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

  /** Writes as much of the streamed response as the platform takes now, and waits for the rest without blocking. */
  function pump() {
    if (streamed === null) return;
    for (;;) {
      if (streamed.frameAt === streamed.frameEnd) {
        const { payload, payloadAt, isWanted, done } = streamed;
        if (payloadAt === payload.length || !isWanted()) {
          streamed = null;
          done();
          return;
        }
        const bytes = payload.copy(frame, 5, payloadAt);
        streamed.payloadAt += bytes;
        frame.writeUInt32BE(1 + bytes, 0);
        frame[4] = FrameType.responseChunk;
        streamed.frameAt = 0;
        streamed.frameEnd = 5 + bytes;
      }
      try {
        streamed.frameAt += writeSync(fd, frame, streamed.frameAt, streamed.frameEnd - streamed.frameAt);
        streamed.tries = 0;
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
        streamed.tries += 1;
        if (streamed.tries <= promptTries) setImmediate(pump);
        else setTimeout(pump, 1);
        return;
      }
    }
  }

  return {
    /**
     * Sends bytes of a streamed response; calls `done` once the platform has taken them, or `isWanted` says no. One call
     * at a time.
     */
    sendChunk(payload, isWanted, done) {
      frame ??= Buffer.allocUnsafeSlow(bufferBytes);
      streamed = { payload, payloadAt: 0, frameAt: 0, frameEnd: 0, tries: 0, isWanted, done };
      pump();
    },

    sendJson(type, value) {
      const json = JSON.stringify(value);
      const bytes = out.utf8Write(json, 5);
      out.writeUInt32BE(1 + bytes, 0);
      out[4] = type;
      write(out, 5 + bytes);
    },

    /** `payload` is JSON text; empty where the response has been streamed. */
    sendResponse(requestId, payload) {
      if (payload.length > maxPayloadBytes) {
        this.sendError(FrameType.error, requestId, responseTooLarge, false);
        return;
      }
      sendParts(
        FrameType.response,
        `{"requestId":${JSON.stringify(requestId)},"maxRssKib":${process.resourceUsage().maxRSS}}`,
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

// Runs the handler for one invocation at a time, and answers for it exactly once.
import { FrameType } from './frame-types.mjs';
import { createContextFactory } from './context.mjs';
import { JSONStringifyError, NodeJsExit, toPayload } from './errors.mjs';
import { invokeWithCallback } from './invoke-with-callback.mjs';
import { ResponseStream } from './response-stream.mjs';

/** Returns `{invoke(head, eventJson), crash(error)}`. */
export function createInvoker({ channel, loaded, assignment, logger, legacy, process }) {
  const { handler, streaming, highWaterMark } = loaded;
  const createContext = createContextFactory(assignment);
  /** Request id of the invocation that has not been answered yet. */
  let current = null;
  let onEmptyLoop = null;

  /** Ends invocation `requestId`. A second answer to the same invocation is dropped. */
  function settle(requestId, send) {
    if (current !== requestId) return;
    send();
    current = null;
    onEmptyLoop = null;
    channel.hold();
  }

  function succeed(requestId, result) {
    const json = stringify(result, legacy);
    settle(requestId, () => channel.sendResponse(requestId, json));
  }

  function fail(requestId, error) {
    logger.logError('Invoke Error', error);
    settle(requestId, () => channel.sendError(FrameType.error, requestId, toPayload(error, legacy), false));
  }

  async function invokeBuffered(requestId, event, context) {
    let result;
    let error;
    let failed = false;
    try {
      result = await handler(event, context);
    } catch (thrown) {
      failed = true;
      error = thrown;
    }
    // As AWS does for nodejs24.x: promises that the handler left rejected are found before the answer is given.
    setImmediate(() => {
      try {
        if (!failed) return succeed(requestId, result);
      } catch (thrown) {
        error = thrown;
      }
      fail(requestId, error);
    });
  }

  async function invokeStreaming(requestId, event, context) {
    const isCurrent = () => current === requestId;
    const send = {
      start(contentType) {
        if (isCurrent()) channel.sendJson(FrameType.responseStart, { requestId, contentType });
      },
      chunk(bytes, done) {
        if (isCurrent()) channel.sendChunk(bytes, isCurrent, done);
        else done();
      },
    };
    const stream = new ResponseStream(send, highWaterMark);
    const ended = new Promise((resolve, reject) => {
      stream.once('close', resolve);
      stream.once('error', reject);
    });
    ended.catch(() => {});
    try {
      const returned = handler(event, stream, context);
      if (typeof returned?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
      if (legacy) onEmptyLoop = () => fail(requestId, new Error('Response stream is not finished.'));
      const result = await returned;
      if (result !== undefined) console.warn('Streaming handlers ignore return values.');
      await ended;
      if (!stream.writableFinished) throw new Error('Response stream is not finished.');
      settle(requestId, () => channel.sendResponse(requestId, ''));
    } catch (error) {
      setImmediate(() => fail(requestId, error));
    }
  }

  const callbackHost = {
    handler,
    succeed,
    fail,
    /** `listener` runs once the event loop has nothing left to do; null for none. */
    setOnEmptyLoop: (listener) => {
      onEmptyLoop = listener;
    },
    onNothingReturned(requestId) {
      if (loaded.isAsync) fail(requestId, new NodeJsExit());
      else succeed(requestId, null);
    },
  };

  if (legacy) {
    process.on('beforeExit', () => {
      const listener = onEmptyLoop;
      onEmptyLoop = null;
      listener?.();
    });
  }

  return {
    invoke(head, eventJson) {
      const { requestId } = head;
      current = requestId;
      // From here on the event loop may run empty: that tells that a handler will never answer.
      channel.release();
      logger.setInvocation(requestId, head.tenantId);
      if (head.traceId) process.env._X_AMZN_TRACE_ID = head.traceId;
      else delete process.env._X_AMZN_TRACE_ID;

      let event;
      let context;
      try {
        context = createContext(head);
        event = JSON.parse(eventJson);
      } catch (error) {
        fail(requestId, error);
        return;
      }
      if (streaming) invokeStreaming(requestId, event, context);
      else if (legacy) invokeWithCallback(callbackHost, requestId, event, context);
      else invokeBuffered(requestId, event, context);
    },
    /** Reports `error` for the invocation that is under way, if any; the process ends afterwards. */
    crash(error) {
      const requestId = current;
      if (requestId === null) return;
      settle(requestId, () => channel.sendError(FrameType.error, requestId, toPayload(error, legacy), true));
    },
  };
}

function stringify(result, legacy) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    if (legacy) throw new Error('Unable to stringify response body');
    throw new JSONStringifyError('Unable to stringify response body');
  }
}

// The console as AWS's runtime has it: every call becomes one record with time, request id and level.
import { format } from 'node:util';
import { toError, toLogText } from './errors.mjs';

const priorities = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };

/** Replaces the log methods of `console`. Returns `{logError(label, error), setInvocation(requestId, tenantId)}`. */
export function patchConsole(console, channel, { logFormat, applicationLogLevel }, legacy) {
  const lowest = priorities[applicationLogLevel?.toUpperCase()] ?? priorities.TRACE;
  const json = logFormat === 'JSON';
  // Outside of an invocation AWS's runtime for nodejs24.x logs `-`, earlier ones `undefined`.
  let requestId = legacy ? undefined : '-';
  let tenantId;

  function logText(level, message, params) {
    const now = new Date();
    channel.sendLog(now.getTime(), `${now.toISOString()}\t${requestId}\t${level}\t${format(message, ...params)}`);
  }

  function logJson(level, message, params) {
    const now = new Date();
    const record = { timestamp: now.toISOString(), level, requestId };
    if (tenantId) record.tenantId = tenantId;
    channel.sendLog(now.getTime(), toJson(record, message, params, legacy));
  }

  const log = json ? logJson : logText;
  const method = (level) =>
    priorities[level] >= lowest ? (message, ...params) => log(level, message, params) : () => {};
  console.trace = method('TRACE');
  console.debug = method('DEBUG');
  console.info = method('INFO');
  console.log = console.info;
  console.warn = method('WARN');
  console.error = method('ERROR');
  console.fatal = method('FATAL');

  return {
    /** Logs what made an invocation or the init fail. */
    logError(label, error) {
      if (json) console.error(toError(error, legacy));
      else console.error(label, toLogText(toError(error, legacy), legacy));
    },
    setInvocation(id, tenant) {
      requestId = id;
      tenantId = tenant;
    },
  };
}

function toJson(record, message, params, legacy) {
  if (params.length === 0) {
    record.message = message;
    try {
      return JSON.stringify(record, expandErrors);
    } catch {
      record.message = format(message);
      return JSON.stringify(record);
    }
  }
  record.message = format(message, ...params);
  const error = (legacy ? [message, ...params] : params).find((param) => param instanceof Error);
  if (error !== undefined) {
    record.errorType = error?.constructor?.name ?? 'UnknownError';
    record.errorMessage = error.message;
    record.stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  }
  return JSON.stringify(record);
}

function expandErrors(_key, value) {
  if (!(value instanceof Error)) return value;
  return {
    errorType: value?.constructor?.name ?? 'UnknownError',
    errorMessage: value.message,
    stackTrace: typeof value.stack === 'string' ? value.stack.split('\n') : value.stack,
    ...value,
  };
}

// The errors that AWS's runtime reports by name, and how errors look in payloads and in logs.
//
// `legacy` throughout this runtime means the behaviour of nodejs22.x and earlier; AWS rewrote its runtime for nodejs24.x.
import { types } from 'node:util';

function named(name) {
  const errorClass = class extends Error {};
  Object.defineProperty(errorClass, 'name', { value: name });
  // On the prototype: the stack then starts with it, and logs do not show it as a property of its own.
  Object.defineProperty(errorClass.prototype, 'name', { value: `Runtime.${name}`, writable: true, configurable: true });
  return errorClass;
}

export const HandlerNotFound = named('HandlerNotFound');
export const MalformedHandlerName = named('MalformedHandlerName');
export const ImportModuleError = named('ImportModuleError');
export const UserCodeSyntaxError = named('UserCodeSyntaxError');
export const MalformedStreamingHandler = named('MalformedStreamingHandler');
export const InvalidStreamingOperation = named('InvalidStreamingOperation');
export const CallbackHandlerDeprecated = named('CallbackHandlerDeprecated');
export const JSONStringifyError = named('JSONStringifyError');
export const NodeJsExit = named('NodeJsExit');

/** `reason` and `promise` are enumerable, and therefore shown in the log. */
export class UnhandledPromiseRejection extends named('UnhandledPromiseRejection') {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
}

export function toError(thrown, legacy) {
  if (thrown instanceof Error) return thrown;
  return new Error(legacy ? thrown : String(thrown));
}

const unreadable =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

/** The body of a failed invocation: `{errorType, errorMessage, trace}`. */
export function toPayload(error, legacy) {
  try {
    if (legacy) {
      if (types.isNativeError(error) || looksLikeError(error)) {
        return { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
      }
      return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    }
    if (error instanceof Error) {
      return {
        errorType: withoutDel(error.name),
        errorMessage: withoutDel(error.message),
        trace: withoutDel(error.stack)?.split('\n') || [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return legacy
      ? { errorType: 'handled', errorMessage: unreadable }
      : { errorType: 'handled', errorMessage: unreadable, trace: [] };
  }
}

/** ASCII DEL may not stand in the header by which AWS's runtime passes an error's type. */
function withoutDel(text) {
  return text?.replaceAll('\x7F', '%7F');
}

function looksLikeError(value) {
  return (
    value &&
    typeof value.name === 'string' &&
    typeof value.message === 'string' &&
    typeof value.stack === 'string' &&
    value.name &&
    value.message &&
    value.stack
  );
}

/** An error as text logs show it: a tab, then JSON with the error's own enumerable properties and its stack as lines. */
export function toLogText(error, legacy) {
  try {
    return `\t${JSON.stringify(error, (_key, value) => (value instanceof Error ? expand(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(toPayload(error, legacy))}`;
  }
}

function expand(error) {
  const shown = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  if (typeof error.stack === 'string') shown.stack = error.stack.split('\n');
  return shown;
}

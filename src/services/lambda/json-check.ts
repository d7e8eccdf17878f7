// Whether a payload is JSON, and how AWS puts it when it is not.
import { isUtf8 } from 'node:buffer';
import { invalidRequestContent } from './errors.ts';
import { findJsonFault } from './json-fault.ts';

const source = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

/** Throws InvalidRequestContentException unless `payload` is one JSON text in UTF-8. */
export function checkJson(payload: Buffer): void {
  if (isJson(payload)) return;
  const { problem, line, column, start } = findJsonFault(payload);
  const opened =
    start === undefined ? '' : ` (start marker at ${source}; line: ${start.line}, column: ${start.column}])`;
  throw invalidRequestContent(
    `Could not parse request body into json: Could not parse payload into json: ${problem}${opened}\n at ${source}; line: ${line}, column: ${column}]`,
  );
}

function isJson(payload: Buffer): boolean {
  if (!isUtf8(payload)) return false;
  try {
    JSON.parse(payload.toString());
    return true;
  } catch {
    return false;
  }
}

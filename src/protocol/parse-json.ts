// Parses a JSON request body, or refuses it as the service does.
import { isUtf8 } from 'node:buffer';
import type { Contract } from '../contracts/contract.ts';
import { AwsError } from '../core/errors.ts';
import { factsOf } from './service-facts.ts';

/** Throws the service's error for a malformed body: InvalidRequestContentException for lambda, else SerializationException. */
export function parseJson(contract: Contract, body: Buffer): unknown {
  try {
    if (!isUtf8(body)) throw new SyntaxError('Invalid UTF-8');
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const message = `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`;
    throw new AwsError(factsOf(contract.service).malformedJsonCode, message, { cause: error });
  }
}

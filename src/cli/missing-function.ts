// Turns a service's "not found" into a sentence about the function that was named.
import { Failure } from './failure.ts';
import type { Connection } from './connection.ts';

/** Runs `operation`; when the function is not there, says so and where. */
export async function onFunction<T>(connection: Connection, name: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await connection.run(operation);
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new Failure(
      'FunctionNotFound',
      `There is no function "${name}" on ${connection.where}. \`lambent list\` shows those there are.`,
      { cause: error },
    );
  }
}

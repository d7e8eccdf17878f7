// What went wrong, in one line for a person, or as JSON for a program; and the exit codes.

/** What the person asked for did not work out. */
const failureExitCode = 1;
/** What the person typed cannot be meant. */
export const usageExitCode = 2;

/** A failure whose message is written for the person at the keyboard. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Stable, for programs. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was typed cannot be meant. */
export const usageFailure = (message: string) => new Failure('Usage', message);

/** Writes the error to stderr and sets the exit code. */
export function reportFailure(error: unknown, json: boolean): void {
  const { code, message } = explain(error);
  process.exitCode = code === 'Usage' ? usageExitCode : failureExitCode;
  console.error(json ? JSON.stringify({ error: { code, message } }) : message);
}

function explain(error: unknown): { code: string; message: string } {
  if (error instanceof Failure) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { code: 'Unknown', message: String(error) };
  if (error.name === 'CredentialsProviderError') {
    return { code: error.name, message: `No AWS credentials can be had: ${error.message}` };
  }
  // Errors of services carry what the server said of the request; anything else is a bug of ours and shows where.
  const fromService = '$metadata' in error;
  return {
    code: error.name,
    message: fromService ? `${error.name}: ${error.message}` : (error.stack ?? error.message),
  };
}

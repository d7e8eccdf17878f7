// `lambent invoke`: runs a function and prints what it answered.
import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { Connection, type ConnectionFlags, withConnection } from './connection.ts';
import { usageFailure } from './failure.ts';
import { paint } from './format.ts';
import { onFunction } from './missing-function.ts';

interface InvokeFlags extends ConnectionFlags {
  payload?: string;
  payloadFile?: string;
  qualifier?: string;
  log?: boolean;
}

const examples = `
Examples:
  lambent invoke hello-node
  lambent invoke hello-node --payload '{"name": "Ada"}' --log
  lambent invoke thumbnail --payload-file event.json
  jq -n '{name: "Ada"}' | lambent invoke hello-node -

Exit codes: 0 when the function answered, 1 when it failed, 2 for a wrong command line.`;

export function invokeCommand(): Command {
  const command = new Command('invoke')
    .description('Run a function and print its answer')
    .argument('<name>', "the function's name or ARN")
    .argument('[-]', 'read the payload from stdin')
    .option('--payload <json>', 'the event (default: {})')
    .option('--payload-file <file>', 'a file that holds the event')
    .option('--qualifier <version>', 'a version or an alias (default: $LATEST)')
    .option('--log', 'print the end of its log, too')
    .addHelpText('after', examples);
  return withConnection(command).action(run);
}

async function run(name: string, input: string | undefined, flags: InvokeFlags): Promise<void> {
  const payload = readPayload(input, flags);
  const connection = await Connection.open(flags);
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  // An invocation is never repeated behind the person's back.
  const lambda = await connection.lambda({ maxAttempts: 1 });
  const startedAt = performance.now();
  const answer = await onFunction(connection, name, () =>
    lambda.send(
      new InvokeCommand({
        FunctionName: name,
        Payload: payload,
        LogType: 'Tail',
        ...(flags.qualifier === undefined ? {} : { Qualifier: flags.qualifier }),
      }),
    ),
  );
  const durationMs = Math.round(performance.now() - startedAt);
  if (answer.FunctionError !== undefined) process.exitCode = 1;
  if (flags.json) console.log(JSON.stringify(show(answer, durationMs), null, 2));
  else print(answer, flags.log === true);
}

function print(answer: InvokeCommandOutput, withLog: boolean): void {
  const failed = answer.FunctionError !== undefined;
  const log = logOf(answer);
  if ((withLog || failed) && log !== '') console.error(paint(log.trimEnd(), 'dim', process.stderr));
  const payload = payloadOf(answer);
  if (!failed) {
    console.log(typeof payload === 'string' && !isJson(answer) ? payload : JSON.stringify(payload, null, 2));
    return;
  }
  const { errorType, errorMessage, stackTrace, trace } = (payload ?? {}) as Record<string, unknown>;
  console.error(
    paint(`The function failed: ${errorType ?? answer.FunctionError}: ${errorMessage ?? ''}`, 'red', process.stderr),
  );
  const lines = (Array.isArray(trace) ? trace : Array.isArray(stackTrace) ? stackTrace : []) as unknown[];
  // Node repeats type and message in the first line of its trace.
  for (const line of lines.filter((line) => !String(line).startsWith(`${errorType}: `))) {
    console.error(`  ${String(line).trim()}`);
  }
}

function show(answer: InvokeCommandOutput, durationMs: number) {
  return {
    statusCode: answer.StatusCode,
    functionError: answer.FunctionError ?? null,
    executedVersion: answer.ExecutedVersion,
    requestId: answer.$metadata.requestId,
    payload: payloadOf(answer),
    log: logOf(answer),
    durationMs,
  };
}

function logOf(answer: InvokeCommandOutput): string {
  return Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
}

function isJson(answer: InvokeCommandOutput): boolean {
  try {
    JSON.parse(answer.Payload!.transformToString());
    return true;
  } catch {
    return false;
  }
}

/** What the function answered: a value when it is JSON, else its text. */
function payloadOf(answer: InvokeCommandOutput): unknown {
  const text = answer.Payload?.transformToString() ?? '';
  return isJson(answer) ? JSON.parse(text) : text;
}

function readPayload(input: string | undefined, { payload, payloadFile }: InvokeFlags): string {
  if (input !== undefined && input !== '-') {
    throw usageFailure(`"${input}" is not understood: give the event by --payload, --payload-file, or - for stdin.`);
  }
  if ([input, payload, payloadFile].filter((source) => source !== undefined).length > 1) {
    throw usageFailure('Give the event once: by --payload, by --payload-file or by stdin.');
  }
  const stdin = input === '-' || payload === '-' || payloadFile === '-';
  const text = stdin ? readFileSync(0, 'utf8') : payloadFile === undefined ? (payload ?? '{}') : readText(payloadFile);
  try {
    JSON.parse(text);
  } catch (error) {
    throw usageFailure(`The payload is not JSON: ${(error as Error).message}`);
  }
  return text;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageFailure(`The payload cannot be read: ${(error as Error).message}`);
  }
}

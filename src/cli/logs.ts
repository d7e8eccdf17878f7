// `lambent logs`: what a function has written, and goes on writing.
import type { CloudWatchLogsClient, FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { Command } from 'commander';
import { Connection, type ConnectionFlags, withConnection } from './connection.ts';
import { Failure, usageFailure } from './failure.ts';
import { formatTime, paint } from './format.ts';

interface LogsFlags extends ConnectionFlags {
  follow?: boolean;
  since: string;
  filter?: string;
}

/** AWS allows ten searches in a second; people do not notice half a second. */
const pollMs = 500;
/** Events may be stored this much later than they happened, so that each poll looks back. */
const lookBackMs = 10_000;

const examples = `
Examples:
  lambent logs hello-node
  lambent logs hello-node -f --filter ERROR
  lambent logs hello-node --since 2h --filter '{ $.level = "ERROR" }'`;

export function logsCommand(): Command {
  const command = new Command('logs')
    .description('Show what a function has written')
    .argument('<name>', "the function's name")
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--since <time>', 'how far back: 30s, 10m, 2h, 3d, or a time such as 2026-01-31T12:00Z', '10m')
    .option('--filter <pattern>', 'a pattern of CloudWatch Logs, e.g. ERROR or \'{ $.level = "ERROR" }\'')
    .addHelpText('after', examples);
  return withConnection(command).action(run);
}

async function run(name: string, flags: LogsFlags): Promise<void> {
  const since = parseSince(flags.since, Date.now());
  const connection = await Connection.open(flags);
  const group = await connection.run(() => logGroupOf(connection, name));
  const client = await connection.logs();
  let shown = new Set<string | undefined>();
  let from = since;
  for (;;) {
    const events = await connection.run(() => search(client, group.name, from, flags));
    for (const event of events) if (!shown.has(event.eventId)) print(event, flags);
    // What this search did not find, the next one, which looks back less far, does not find either.
    shown = new Set(events.map(({ eventId }) => eventId));
    if (!flags.follow) break;
    from = Math.max(from, (events.at(-1)?.timestamp ?? from) - lookBackMs);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  if (shown.size > 0 || flags.json) return;
  if (!group.functionExists) {
    throw new Failure('FunctionNotFound', `There is no function "${name}" on ${connection.where}, and no log of one.`);
  }
  console.error(
    `${name} has written nothing since ${formatTime(since)}${flags.filter === undefined ? '' : ' that matches'}.`,
  );
}

/** The function's own log group; a function that was deleted still has its log. */
async function logGroupOf(connection: Connection, name: string): Promise<{ name: string; functionExists: boolean }> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await connection.lambda();
  try {
    const { FunctionName, LoggingConfig } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    return { name: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`, functionExists: true };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return { name: `/aws/lambda/${name}`, functionExists: false };
  }
}

/** Every event since `startTime`, in order of time. None when the group is not there yet. */
async function search(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
  { filter }: LogsFlags,
): Promise<FilteredLogEvent[]> {
  const { paginateFilterLogEvents } = await import('@aws-sdk/client-cloudwatch-logs');
  const input = { logGroupName, startTime, ...(filter === undefined ? {} : { filterPattern: filter }) };
  const events: FilteredLogEvent[] = [];
  try {
    for await (const page of paginateFilterLogEvents({ client }, input)) events.push(...(page.events ?? []));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
  return events.sort((a, b) => a.timestamp! - b.timestamp!);
}

function print(event: FilteredLogEvent, { json }: LogsFlags): void {
  const { timestamp, message = '', logStreamName } = event;
  if (json) console.log(JSON.stringify({ time: new Date(timestamp!).toISOString(), message, logStreamName }));
  else console.log(`${paint(formatTime(timestamp!), 'dim')} ${message.trimEnd()}`);
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch milliseconds of `10m` ago, or of a written time. */
export function parseSince(text: string, now: number): number {
  const match = /^(\d+)([smhd])$/.exec(text);
  if (match) return now - Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw usageFailure(`--since: "${text}" is no time; write 30s, 10m, 2h, 3d, or 2026-01-31T12:00Z.`);
  return time;
}

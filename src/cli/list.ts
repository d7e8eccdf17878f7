// `lambent list`: the functions there are.
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import { Connection, type ConnectionFlags, sayWhere, withConnection } from './connection.ts';
import { formatBytes, formatTable, formatTime } from './format.ts';

export function listCommand(): Command {
  return withConnection(new Command('list').description('List the functions')).action(run);
}

async function run(flags: ConnectionFlags): Promise<void> {
  const connection = await Connection.open(flags);
  const functions = await connection.run(() => allFunctions(connection));
  if (flags.json) {
    console.log(JSON.stringify(functions.map(show), null, 2));
    return;
  }
  sayWhere(connection, flags);
  if (functions.length === 0) {
    console.log('There are no functions yet. Make one of a folder: lambent deploy FOLDER');
    return;
  }
  const head = ['NAME', 'RUNTIME', 'MEMORY', 'TIMEOUT', 'CODE', 'MODIFIED'];
  console.log(formatTable(head, functions.map(row), ['MEMORY', 'TIMEOUT', 'CODE']));
}

async function allFunctions(connection: Connection): Promise<FunctionConfiguration[]> {
  const { paginateListFunctions } = await import('@aws-sdk/client-lambda');
  const functions: FunctionConfiguration[] = [];
  for await (const page of paginateListFunctions({ client: await connection.lambda() }, {})) {
    functions.push(...(page.Functions ?? []));
  }
  return functions.sort((a, b) => (a.FunctionName! < b.FunctionName! ? -1 : 1));
}

function row(configuration: FunctionConfiguration): string[] {
  return [
    configuration.FunctionName!,
    configuration.Runtime ?? configuration.PackageType ?? '',
    `${configuration.MemorySize} MiB`,
    `${configuration.Timeout} s`,
    formatBytes(configuration.CodeSize ?? 0),
    formatTime(Date.parse(configuration.LastModified!)),
  ];
}

function show(configuration: FunctionConfiguration) {
  return {
    name: configuration.FunctionName,
    arn: configuration.FunctionArn,
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    memoryMib: configuration.MemorySize,
    timeoutSeconds: configuration.Timeout,
    codeBytes: configuration.CodeSize,
    codeSha256: configuration.CodeSha256,
    modified: new Date(Date.parse(configuration.LastModified!)).toISOString(),
  };
}

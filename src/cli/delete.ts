// `lambent delete`: removes a function, and on request the role that `lambent deploy` made for it.
import { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { Connection, type ConnectionFlags, withConnection } from './connection.ts';
import { deleteOwnRole, isOwnRole } from './deploy/execution-role.ts';
import { Failure } from './failure.ts';
import { onFunction } from './missing-function.ts';

interface DeleteFlags extends ConnectionFlags {
  yes?: boolean;
  withRole?: boolean;
}

const examples = `
Examples:
  lambent delete hello-node
  lambent delete hello-node --yes --with-role

Logs stay: they belong to the log group.`;

export function deleteCommand(): Command {
  const command = new Command('delete')
    .description('Delete a function with all its versions')
    .argument('<name>', "the function's name")
    .option('-y, --yes', 'do not ask')
    .option('--with-role', 'delete its role as well, if `lambent deploy` made it')
    .addHelpText('after', examples);
  return withConnection(command).action(run);
}

async function run(name: string, flags: DeleteFlags): Promise<void> {
  const connection = await Connection.open(flags);
  const { DeleteFunctionCommand, GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await connection.lambda();
  const { FunctionName, Role } = await onFunction(connection, name, () =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  const asks = flags.yes !== true;
  if (asks && (flags.json || !process.stdin.isTTY || !process.stderr.isTTY)) {
    throw new Failure('NotConfirmed', `Nothing was deleted. To delete ${FunctionName} without being asked, say --yes.`);
  }
  if (asks && !(await confirm(`Delete ${FunctionName} with all its versions on ${connection.where}?`))) {
    throw new Failure('NotConfirmed', 'Nothing was deleted.');
  }
  await connection.run(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  if (!flags.json) console.log(`Deleted ${FunctionName}.`);

  const iam = await connection.iam();
  const roleName = await isOwnRole(iam, Role!, FunctionName!);
  const deletesRole =
    roleName !== null && (flags.withRole || (asks && (await confirm(`Delete its role ${roleName} as well?`))));
  if (deletesRole) await connection.run(() => deleteOwnRole(iam, roleName));
  if (flags.json) {
    console.log(
      JSON.stringify({ name: FunctionName, deleted: true, role: roleName, roleDeleted: Boolean(deletesRole) }),
    );
  } else if (deletesRole) {
    console.log(`Deleted its role ${roleName}.`);
  } else if (roleName !== null) {
    console.log(`Its role ${roleName} stays; deploying ${FunctionName} again uses it.`);
  }
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

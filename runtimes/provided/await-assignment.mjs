// Waits for the assignment, and prints the shell line that starts the given program as the function.
//
// What the program needs of the assignment is in LAMBENT_ASSIGNMENT, which its bootstrap takes away.
import { booted, readAssignment } from './frames.mjs';
import { handOverServers } from './servers.mjs';

await handOverServers();
booted();
const { env, ...assignment } = readAssignment();
const quote = (word) => `'${word.replaceAll("'", "'\\''")}'`;
const variables = Object.entries({ ...env, LAMBENT_ASSIGNMENT: JSON.stringify(assignment) });
const wrapper = env.AWS_LAMBDA_EXEC_WRAPPER ? [env.AWS_LAMBDA_EXEC_WRAPPER] : [];
const words = ['/usr/bin/env', '-i', ...variables.map(([name, value]) => `${name}=${value}`)];
process.stdout.write(
  `cd ${quote(assignment.taskRoot)} && exec ${[...words, ...wrapper, ...process.argv.slice(2)].map(quote).join(' ')}`,
);

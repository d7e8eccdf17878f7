// Lambent's runtime for provided.*: boots ahead of need, and once it is assigned becomes the function's own bootstrap.
//
// The frame channel is close-on-exec: that it closes tells the platform that the bootstrap runs. From then on the function
// is served through the HTTP Runtime API alone.
import { findBootstrap } from './find-bootstrap.mjs';
import { booted, readAssignment, sendInitError } from './frames.mjs';
import { handOverServers } from './servers.mjs';

await handOverServers();
for (const name of Object.keys(process.env)) delete process.env[name];
booted();
become(readAssignment());

function become({ taskRoot, optRoot = '/opt', env }) {
  const { file, problem } = findBootstrap([taskRoot, optRoot]);
  if (problem !== undefined) {
    sendInitError('Runtime.InvalidEntrypoint', problem);
    process.exit(1);
  }
  process.chdir(taskRoot);
  // Node ignores these, and what is ignored stays so across exec; what has a handler goes back to its default.
  process.on('SIGPIPE', () => {});
  process.on('SIGXFSZ', () => {});
  process.execve(file, [file], env);
}

// Lets a debugger attach to this process: Node's inspector listens in the sandbox, and a thread of its own, which goes on
// while the function stands at a breakpoint, offers connections to it to the platform.
import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';

/** `debug` is a DebugAssignment of src/execution/debugging. With `wait` it returns once a debugger has attached. */
export function startDebugging({ port, endpoint, token, wait }) {
  const listen = (wanted) => inspector.open(wanted, '127.0.0.1');
  listen(port);
  // On a network that is shared another environment may have the port.
  if (inspector.url() === undefined) listen(0);
  const workerData = { port: Number(new URL(inspector.url()).port), endpoint, token };
  const relay = new Worker(new URL('./debug-relay.mjs', import.meta.url), { workerData, env: {}, execArgv: [] });
  relay.unref();
  relay.on('error', (error) => console.error('The debugger cannot be reached:', error));
  if (wait) inspector.waitForDebugger();
}

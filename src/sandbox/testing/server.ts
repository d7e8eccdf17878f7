// A server with a frozen and a running sandbox, for tests to kill: prints a line before it boots them, and one when both
// are up.
// Arguments: isolation, network, instance.
import { createLogger } from '../../core/logger.ts';
import { createSandboxDriver, type RequestedIsolation, type RequestedNetwork } from '../index.ts';
import { testBuild } from './build.ts';
import { TestRuntime } from './runtime.ts';

const [isolation, network, instance] = process.argv.slice(2) as [RequestedIsolation, RequestedNetwork, string];
const driver = await createSandboxDriver({ isolation, network, instance, logger: createLogger('silent') });
process.stdout.write('booting\n');
const sandboxes = await Promise.all(['running', 'frozen'].map((id) => driver.boot({ id, build: testBuild })));
for (const sandbox of sandboxes) {
  await sandbox.assign({ taskDir: testBuild.runtimeDir, optDir: null, memoryMib: 256, ephemeralStorageMib: 512 });
  await new TestRuntime(sandbox).become();
}
sandboxes[1]!.freeze();
process.stdout.write('up\n');
setInterval(() => {}, 1000);

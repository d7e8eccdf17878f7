// The door to sandboxes: which isolation this machine offers, and a driver of it.
import { createHash } from 'node:crypto';
import { assert } from '../core/assert.ts';
import type { Logger } from '../core/logger.ts';
import { BubblewrapDriver } from './bubblewrap/driver.ts';
import { chooseNetwork, type RequestedNetwork } from './bubblewrap/network/choose.ts';
import { detectCgroups } from './cgroup/detect.ts';
import type { SandboxDriver } from './driver.ts';
import { bubblewrapEnforcement, processEnforcement } from './enforcement.ts';
import { detectIsolation, type RequestedIsolation } from './isolation.ts';
import { ProcessDriver } from './process/driver.ts';

export type { RequestedNetwork } from './bubblewrap/network/choose.ts';
export * from './driver.ts';
export { examineHost, type HostFacts } from './examine-host.ts';
export { FakeDriver, FakeSandbox } from './fake/driver.ts';
export * from './frames.ts';
export type { OpenPort } from './open-port.ts';
export { detectIsolation, type IsolationChoice, type RequestedIsolation } from './isolation.ts';

export interface SandboxDriverOptions {
  isolation: RequestedIsolation;
  network: RequestedNetwork;
  /** Names this server's sandboxes on the machine: `[a-z0-9]{1,32}`, the same at every start over the same data folder, and of no other server. */
  instance: string;
  logger: Logger;
}

/**
 * Starts a driver, clearing what a killed predecessor of the same instance left. Rejects, saying what to do, when what
 * was requested cannot be had on this machine. Takes some 150 ms with bubblewrap.
 */
export async function createSandboxDriver(options: SandboxDriverOptions): Promise<SandboxDriver> {
  const { instance, logger } = options;
  assert(/^[a-z0-9]{1,32}$/.test(instance), 'an instance name of lowercase letters and digits');
  const { isolation, notices } = detectIsolation(options.isolation);
  if (isolation === 'process') {
    if (options.network === 'none' || options.network === 'nat') {
      throw new Error(`network "${options.network}" needs isolation by bubblewrap`);
    }
    return new ProcessDriver({ instance, enforcement: processEnforcement(notices) });
  }
  const network = chooseNetwork(options.network, createHash('sha256').update(instance).digest()[0]!);
  const cgroups = detectCgroups(instance);
  const enforcement = bubblewrapEnforcement(cgroups, network.plan.mode, [...notices, ...network.notices]);
  return BubblewrapDriver.start({ instance, network: network.plan, enforcement, cgroups, logger });
}

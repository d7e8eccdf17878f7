// The door to sandboxes: which isolation this machine offers, and a driver of it.
import { assert } from '../core/assert.ts';
import type { Logger } from '../core/logger.ts';
import { BubblewrapDriver } from './bubblewrap/driver.ts';
import type { SandboxDriver } from './driver.ts';

export * from './driver.ts';
export * from './frames.ts';

export interface SandboxDriverOptions {
  isolation: 'bubblewrap' | 'process';
  network: 'none' | 'nat' | 'host' | 'auto';
  /** Names this server's sandboxes on the machine: `[a-z0-9]{1,32}`, the same at every start over the same data folder. */
  instance: string;
  logger: Logger;
}

/** Starts a driver, clearing what a killed predecessor of the same instance left. Rejects when it cannot work here. */
export async function createSandboxDriver({ instance, logger }: SandboxDriverOptions): Promise<SandboxDriver> {
  assert(/^[a-z0-9]{1,32}$/.test(instance), 'an instance name of lowercase letters and digits');
  return BubblewrapDriver.start({
    instance,
    logger,
    network: { mode: 'none', resolvConf: '' },
    enforcement: {
      isolation: 'bubblewrap',
      network: 'none',
      memory: '',
      cpu: '',
      processes: '',
      freezing: '',
      notices: [],
    },
  });
}

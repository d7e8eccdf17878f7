// The runtime that the drivers' tests boot: bootstrap.mjs on the Node that runs the tests.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuntimeBuild } from '../driver.ts';

const runtimeDir = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

export const testBuild: RuntimeBuild = {
  runtime: 'nodejs24.x',
  family: 'nodejs',
  version: process.versions.node,
  exact: true,
  langDir: dirname(dirname(process.execPath)),
  runtimeDir,
  command: ['/var/lang/bin/node', '/var/runtime/bootstrap.mjs'],
  hostCommand: [process.execPath, `${runtimeDir}/bootstrap.mjs`],
};

const launcherDir = fileURLToPath(new URL('../../../runtimes/provided', import.meta.url));

/** The same with a companion beside it. */
export const withCompanion: RuntimeBuild = {
  ...testBuild,
  hasCompanion: true,
  extras: { launcher: launcherDir },
  command: ['/bin/sh', '/var/lambent/launcher/companion.sh', '/var/lang/bin/node', ...testBuild.command],
  hostCommand: ['/bin/sh', `${launcherDir}/companion.sh`, process.execPath, ...testBuild.hostCommand],
};

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

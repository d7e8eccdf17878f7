// Where tests that build with Cargo keep what it compiles, so that it compiles what they share once.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const cargoTargetDir = join(tmpdir(), 'lambent-test-cargo');

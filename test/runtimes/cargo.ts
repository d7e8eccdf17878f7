// Where tests that build with Cargo keep what it compiles, so that it compiles what they share once.
import { keptFolder } from '../kept-folder.ts';

export const cargoTargetDir = keptFolder('cargo');

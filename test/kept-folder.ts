// Folders that tests keep between runs, beside the installed packages: what is in them costs minutes to make again.
import { join } from 'node:path';

export const keptFolder = (name: string) => join(import.meta.dirname, '../node_modules/.cache/lambent-tests', name);

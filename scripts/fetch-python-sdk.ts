// Puts boto3 for Python functions into the installation, so that no server has to fetch it: `node scripts/fetch-python-sdk.ts`.
import path from 'node:path';
import { findInterpreters } from '../src/execution/index.ts';

const dataDir = path.join(import.meta.dirname, '..');
const interpreters = findInterpreters({ dataDir, env: process.env, onProgress: (line) => console.log(line) });
if (await interpreters.fetchPythonSdk()) console.log('boto3 is there for Python functions.');

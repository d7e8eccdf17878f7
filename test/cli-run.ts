// Runs the `lambent` command as a person does, without that person's own AWS settings.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const launcher = resolve(import.meta.dirname, '../bin/lambent');
const limitMs = 120_000;

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `endpoint` goes into AWS_ENDPOINT_URL; null leaves it out. */
export function runCli(endpoint: string | null, args: string[], stdin = ''): Promise<CliResult> {
  const { PATH } = process.env;
  const settings = endpoint === null ? {} : { AWS_ENDPOINT_URL: endpoint };
  // npm and pip may need the proxies and certificates of this machine; the AWS SDK must find nobody's keys.
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const env = {
    ...Object.fromEntries(kept),
    PATH,
    ...settings,
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  };
  return new Promise((done, fail) => {
    const child = spawn(launcher, args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: limitMs });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...output }));
    // A command that does not read its input may have ended before it is written.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}

// Reads AWS's published API models out of the botocore wheel: facts only, taken at generation time, never shipped.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import yauzl from 'yauzl';

const version = '1.44.5';

export interface BotocoreShape {
  type: string;
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  required?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  exception?: boolean;
  fault?: boolean;
  error?: { code?: string; httpStatusCode?: number; senderFault?: boolean };
}

export interface BotocoreOperation {
  name: string;
  http?: { method: string; requestUri: string; responseCode?: number };
  input?: { shape: string };
  output?: { shape: string };
  errors?: { shape: string }[];
  deprecated?: boolean;
}

export interface BotocoreModel {
  metadata: {
    apiVersion: string;
    endpointPrefix: string;
    signingName?: string;
    serviceId: string;
    protocol: string;
    protocols?: string[];
    jsonVersion?: string;
    targetPrefix?: string;
    xmlNamespace?: string;
    awsQueryCompatible?: object;
  };
  operations: Record<string, BotocoreOperation>;
  shapes: Record<string, BotocoreShape>;
}

/** The newest API version of each named service; `folder` caches the wheel between runs. */
export async function readBotocoreModels(
  names: readonly string[],
  folder: string,
): Promise<Map<string, BotocoreModel>> {
  const wanted = new Set(names);
  const newest = new Map<string, { path: string; entry: yauzl.Entry }>();
  const zip = await openZip(fetchWheel(folder));
  for await (const entry of entriesOf(zip)) {
    const match = /^botocore\/data\/([^/]+)\/[^/]+\/service-2\.json\.gz$/.exec(entry.fileName);
    const name = match?.[1];
    if (!name || !wanted.has(name)) continue;
    if ((newest.get(name)?.path ?? '') < entry.fileName) newest.set(name, { path: entry.fileName, entry });
  }
  const models = new Map<string, BotocoreModel>();
  for (const name of names) {
    const found = newest.get(name);
    if (!found) throw new Error(`botocore ${version} has no service named ${name}`);
    models.set(name, JSON.parse(gunzipSync(await readEntry(zip, found.entry)).toString('utf8')));
  }
  zip.close();
  return models;
}

function fetchWheel(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `botocore-${version}-py3-none-any.whl`);
  if (!existsSync(file)) {
    execFileSync('python3', ['-m', 'pip', 'download', `botocore==${version}`, '--no-deps', '-q', '-d', folder], {
      stdio: 'inherit',
      timeout: 300_000,
    });
  }
  if (!existsSync(file)) throw new Error(`pip left no ${file}, only: ${readdirSync(folder).join(', ')}`);
  return file;
}

function openZip(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

async function* entriesOf(zip: yauzl.ZipFile): AsyncIterable<yauzl.Entry> {
  for (let left = zip.entryCount; left > 0; left--) {
    yield await new Promise<yauzl.Entry>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners('error');
  }
}

function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(buffer(stream))));
  });
}

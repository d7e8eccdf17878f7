// Finds the `bootstrap` of a custom runtime, and foresees what the kernel would say to running it.
//
// process.execve aborts the process when it fails, so that nothing could be reported any more.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const elfMachines = { x64: 62, arm64: 183 };

/** Looks in `folders` in turn. Returns `{file}`, or `{problem}` in the words of AWS. */
export function findBootstrap(folders) {
  const files = folders.map((folder) => path.join(folder, 'bootstrap'));
  const file = files.find(isFile);
  if (file === undefined) return { problem: `Couldn't find valid bootstrap(s): [${files.join(' ')}]` };
  const refusal = whyNotExecutable(file);
  return refusal === null ? { file } : { problem: `fork/exec ${file}: ${refusal}` };
}

function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The kernel's words for why `file` cannot be executed; null when it can, as far as its first bytes tell. */
function whyNotExecutable(file, depth = 0) {
  if (!isFile(file)) return 'no such file or directory';
  // The superuser may execute only what somebody may; access(2) itself knows that.
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return 'permission denied';
  }
  const start = firstBytes(file);
  if (start === null) return null;
  if (start.toString('latin1', 0, 4) === '\x7fELF') return whyNotElf(start);
  if (start.toString('latin1', 0, 2) !== '#!') return 'exec format error';
  // The kernel follows interpreters that are scripts themselves, four deep.
  if (depth === 4) return 'too many levels of symbolic links';
  const line = start.toString('latin1', 2).split('\n', 1)[0];
  const interpreter = /^[ \t]*([^ \t\0]+)/.exec(line)?.[1];
  return interpreter === undefined ? 'exec format error' : whyNotExecutable(interpreter, depth + 1);
}

function whyNotElf(start) {
  // Too short a header is left to the kernel; so is a byte order that is not ours.
  if (start.length < 64) return 'exec format error';
  const is64 = start[4] === 2;
  const machine = start.readUInt16LE(18);
  if (machine === 3 && process.arch === 'x64') return null;
  if (!is64 || machine !== elfMachines[process.arch]) return 'exec format error';
  const loader = elfLoader(start);
  return loader !== null && !isFile(loader) ? 'no such file or directory' : null;
}

/** Path of the dynamic loader that the program asks for, if it lies within the bytes that were read. */
function elfLoader(start) {
  const headersAt = Number(start.readBigUInt64LE(32));
  const headerBytes = start.readUInt16LE(54);
  const headers = start.readUInt16LE(56);
  const interpreterType = 3;
  for (let index = 0; index < headers; index += 1) {
    const at = headersAt + index * headerBytes;
    if (at + 56 > start.length) return null;
    if (start.readUInt32LE(at) !== interpreterType) continue;
    const from = Number(start.readBigUInt64LE(at + 8));
    const bytes = Number(start.readBigUInt64LE(at + 32));
    return from + bytes <= start.length ? start.toString('latin1', from, from + bytes - 1) : null;
  }
  return null;
}

function firstBytes(file) {
  let descriptor;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    // Executable but not readable: only the kernel can tell.
    return null;
  }
  try {
    const buffer = Buffer.alloc(8192);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

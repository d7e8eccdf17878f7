// Lays out what every sandbox sees as its root: the system's /usr read-only, and of /etc only what programs need.
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { extraFolders } from '../driver.ts';
import type { MountOperation } from './mounter.ts';

const passwd = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
sbx_user1051:x:993:990::/home/sbx_user1051:/sbin/nologin
`;
const group = `root:x:0:
nogroup:x:65534:
sbx_user1051:x:990:
`;
const hosts = `127.0.0.1 localhost sandbox.localdomain sandbox
::1 localhost
`;
const nsswitch = `passwd: files
group: files
hosts: files dns
services: files
protocols: files
`;

const copiedFiles = [
  'ld.so.cache',
  'mime.types',
  'services',
  'protocols',
  'ca-certificates.conf',
  'gai.conf',
  'ssl/openssl.cnf',
];
const boundFolders =
  /^(ssl\/certs|pki\/(ca-trust|tls|java)|ca-certificates|alternatives|crypto-policies|java(-[\w.-]+)?|python3(\.\d+)?)$/;
const devices = ['null', 'zero', 'full', 'random', 'urandom'];

/**
 * Makes the folders `<runDir>/root` and `<runDir>/dev`, which bubblewrap binds as `/` and `/dev`. Returns the mounts that
 * complete them. Throws what the file system throws.
 */
export function makeRootFolder(runDir: string, resolvConf: string): MountOperation[] {
  const mounts: MountOperation[] = [];
  const root = join(runDir, 'root');
  for (const folder of [
    'etc',
    'dev',
    'proc',
    'tmp',
    'opt',
    'mnt',
    'var/task',
    'var/runtime',
    'var/lang',
    ...extraFolders.map((name) => `var/lambent/${name}`),
    'usr',
    'run',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  // Programs look for temporary space in /var/tmp as well.
  symlinkSync('/tmp', join(root, 'var/tmp'));
  mounts.push(['stage', '/usr', join(root, 'usr')]);
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const entry = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(root, name));
    else if (entry?.isDirectory()) {
      mkdirSync(join(root, name));
      mounts.push(['stage', `/${name}`, join(root, name)]);
    }
  }
  mounts.push(...makeEtc(join(root, 'etc'), resolvConf), ...makeDev(join(runDir, 'dev')));
  return mounts;
}

function makeEtc(etc: string, resolvConf: string): MountOperation[] {
  const mounts: MountOperation[] = [];
  const contents = {
    passwd,
    group,
    hosts,
    'nsswitch.conf': nsswitch,
    'resolv.conf': resolvConf,
    hostname: 'sandbox\n',
  };
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(etc, name), text);
  // AWS runs on UTC, whatever this machine's clock shows its users.
  symlinkSync('../usr/share/zoneinfo/UTC', join(etc, 'localtime'));
  if (existsSync('/usr/lib/os-release')) symlinkSync('../usr/lib/os-release', join(etc, 'os-release'));
  for (const folder of ['ssl', 'pki']) if (existsSync(`/etc/${folder}`)) mkdirSync(join(etc, folder));
  for (const name of copiedFiles) if (existsSync(`/etc/${name}`)) copyFileSync(`/etc/${name}`, join(etc, name));
  const folders = ['', 'ssl', 'pki'].flatMap((folder) =>
    existsSync(`/etc/${folder}`) ? readdirSync(`/etc/${folder}`).map((name) => join(folder, name)) : [],
  );
  for (const folder of folders.filter((name) => boundFolders.test(name))) {
    if (!lstatSync(`/etc/${folder}`).isDirectory()) continue;
    mkdirSync(join(etc, folder));
    mounts.push(['stage', `/etc/${folder}`, join(etc, folder)]);
  }
  return mounts;
}

function makeDev(dev: string): MountOperation[] {
  mkdirSync(join(dev, 'shm'), { recursive: true });
  symlinkSync('/proc/self/fd', join(dev, 'fd'));
  for (const [index, name] of ['stdin', 'stdout', 'stderr'].entries())
    symlinkSync(`/proc/self/fd/${index}`, join(dev, name));
  return devices.flatMap((name): MountOperation[] => {
    writeFileSync(join(dev, name), '');
    return [['bind', `/dev/${name}`, join(dev, name)]];
  });
}

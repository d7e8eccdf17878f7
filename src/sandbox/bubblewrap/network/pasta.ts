// Network `nat` by pasta: a process per sandbox opens for it the connections that it asks for, also without root.

const pastaOptions = [
  ...['--foreground', '--quiet', '--config-net', '--netns-only'],
  // Nothing of this machine's loopback, in neither direction.
  ...['--no-map-gw', '--tcp-ports', 'none', '--udp-ports', 'none', '--tcp-ns', 'none', '--udp-ns', 'none'],
  ...['--no-dhcp', '--no-dhcpv6', '--no-ra', '--no-ndp'],
];

/**
 * Shell lines around a shell in a new network namespace: `outside` starts pasta in the background once `inside` has
 * run, and `inside` waits until the network is there. The namespace is given to pasta as a mounted file, since reading
 * /proc/<pid>/ns of a process that has capabilities is not for it. `folder`: one that only this sandbox uses.
 */
export function pastaScript(folder: string, asRoot: boolean): { outside: string[]; inside: string[] } {
  const pasta = ['pasta', ...(asRoot ? ['--runas', '0'] : []), ...pastaOptions, '--netns', `${folder}/net`].join(' ');
  return {
    outside: [
      `mkdir -p ${folder}`,
      `mkfifo ${folder}/made`,
      `: >${folder}/net`,
      `{ read -r _ <${folder}/made; mount --bind /proc/$$/ns/net ${folder}/net && exec ${pasta}; } </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- &`,
    ],
    inside: [
      `echo >${folder}/made`,
      // It configures the interface as its last step; 2 s are a hundred times what it takes.
      'tries=0',
      'until grep -qv ^Iface /proc/self/net/route; do tries=$((tries + 1)); [ $tries -lt 200 ] || { echo "no network from pasta" >&2; exit 1; }; sleep 0.01; done',
    ],
  };
}

/** Shell line, run by the sandbox parent once the process group of the sandbox, pasta included, is dead. */
export function pastaRemoval(folder: string): string {
  return `umount -l ${folder}/net; rm -r ${folder}`;
}

// The system call filter of every sandbox, assembled here as a classic BPF program: what functions have no use for and
// what kernels were broken through before is refused. A list of refusals, since functions bring any program along.

interface Architecture {
  /** AUDIT_ARCH_* of <linux/audit.h>. */
  audit: number;
  /** Numbers at or above belong to another calling convention (x32). */
  foreignFrom: number | null;
  calls: Record<string, number>;
}

/** Calls numbered alike on every architecture, being younger than the common table. */
const commonCalls = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  clone3: 435,
  pidfd_getfd: 438,
  process_madvise: 440,
  mount_setattr: 442,
  quotactl_fd: 443,
  set_mempolicy_home_node: 450,
  statmount: 457,
  listmount: 458,
  open_tree_attr: 467,
};

const architectures: Record<string, Architecture> = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    calls: {
      ...commonCalls,
      ...{ ioctl: 16, socket: 41, clone: 56, personality: 135 },
      ...{
        ptrace: 101,
        syslog: 103,
        uselib: 134,
        ustat: 136,
        sysfs: 139,
        vhangup: 153,
        modify_ldt: 154,
        pivot_root: 155,
      },
      ...{
        _sysctl: 156,
        adjtimex: 159,
        chroot: 161,
        acct: 163,
        settimeofday: 164,
        mount: 165,
        umount2: 166,
        swapon: 167,
      },
      ...{
        swapoff: 168,
        reboot: 169,
        sethostname: 170,
        setdomainname: 171,
        iopl: 172,
        ioperm: 173,
        create_module: 174,
      },
      ...{
        init_module: 175,
        delete_module: 176,
        get_kernel_syms: 177,
        query_module: 178,
        quotactl: 179,
        nfsservctl: 180,
      },
      ...{ lookup_dcookie: 212, clock_settime: 227, mbind: 237, set_mempolicy: 238, kexec_load: 246, add_key: 248 },
      ...{ request_key: 249, keyctl: 250, migrate_pages: 256, unshare: 272, move_pages: 279, perf_event_open: 298 },
      ...{ fanotify_init: 300, fanotify_mark: 301, name_to_handle_at: 303, open_by_handle_at: 304, clock_adjtime: 305 },
      ...{
        setns: 308,
        process_vm_readv: 310,
        process_vm_writev: 311,
        kcmp: 312,
        finit_module: 313,
        kexec_file_load: 320,
      },
      ...{ bpf: 321, userfaultfd: 323 },
    },
  },
  arm64: {
    audit: 0xc00000b7,
    foreignFrom: null,
    calls: {
      ...commonCalls,
      ...{ ioctl: 29, socket: 198, clone: 220, personality: 92 },
      ...{
        lookup_dcookie: 18,
        umount2: 39,
        mount: 40,
        pivot_root: 41,
        nfsservctl: 42,
        chroot: 51,
        vhangup: 58,
        quotactl: 60,
      },
      ...{
        acct: 89,
        unshare: 97,
        kexec_load: 104,
        init_module: 105,
        delete_module: 106,
        clock_settime: 112,
        syslog: 116,
      },
      ...{
        ptrace: 117,
        reboot: 142,
        sethostname: 161,
        setdomainname: 162,
        settimeofday: 170,
        adjtimex: 171,
        add_key: 217,
      },
      ...{
        request_key: 218,
        keyctl: 219,
        swapon: 224,
        swapoff: 225,
        mbind: 235,
        set_mempolicy: 237,
        migrate_pages: 238,
      },
      ...{ move_pages: 239, perf_event_open: 241, fanotify_init: 262, fanotify_mark: 263, name_to_handle_at: 264 },
      ...{
        open_by_handle_at: 265,
        clock_adjtime: 266,
        setns: 268,
        process_vm_readv: 270,
        process_vm_writev: 271,
        kcmp: 272,
      },
      ...{ finit_module: 273, bpf: 280, userfaultfd: 282, kexec_file_load: 294 },
    },
  },
};

/** Calls that are refused or allowed by their arguments, or refused with another error than EPERM. */
const examined = new Set(['ioctl', 'socket', 'clone', 'personality', 'clone3']);

const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 };
const result = {
  kill: 0x80000000,
  allow: 0x7fff0000,
  error: (code: keyof typeof errno) => 0x00050000 | errno[code],
};

/** CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET. CLONE_NEWTIME works with unshare and clone3 only. */
const namespaceFlags = 0x7e020000;
const socketFamilies = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const terminalInjection = { TIOCSTI: 0x5412, TIOCLINUX: 0x541c };

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const equal = (value: number, ifTrue: number, ifFalse: number): Instruction => [0x15, ifTrue, ifFalse, value];
const atLeast = (value: number, ifTrue: number, ifFalse: number): Instruction => [0x35, ifTrue, ifFalse, value];
const anyBit = (mask: number, ifTrue: number, ifFalse: number): Instruction => [0x45, ifTrue, ifFalse, mask];
const answer = (value: number): Instruction => [0x06, 0, 0, value];

const numberOffset = 0;
const architectureOffset = 4;
/** The low half of an argument; the upper half says nothing in the calls examined here, which take 32 bits. */
const argumentOffset = (index: number) => 16 + 8 * index;

/**
 * The program for bubblewrap's `--seccomp`, `struct sock_filter[]` in little-endian bytes. Throws `RangeError` for an
 * architecture other than `x64` and `arm64`. Its length costs little: kernels since 5.11 remember which calls are
 * always allowed and do not run it for them.
 */
export function seccompProgram(arch: string): Buffer {
  const architecture = architectures[arch];
  if (!architecture) throw new RangeError(`no system call filter for ${arch}`);
  const { audit, foreignFrom, calls } = architecture;
  const only = (call: string, ...examination: Instruction[]): Instruction[] => [
    equal(calls[call]!, 0, examination.length),
    ...examination,
  ];
  const program: Instruction[] = [
    load(architectureOffset),
    equal(audit, 1, 0),
    answer(result.kill),
    load(numberOffset),
    ...(foreignFrom === null ? [] : [atLeast(foreignFrom, 0, 1), answer(result.kill)]),
    ...Object.entries(calls)
      .filter(([name]) => !examined.has(name))
      .flatMap(([, number]) => [equal(number, 0, 1), answer(result.error('EPERM'))]),
    // Its flags lie behind a pointer, which a filter cannot follow; C libraries fall back to clone.
    ...only('clone3', answer(result.error('ENOSYS'))),
    ...only(
      'clone',
      load(argumentOffset(0)),
      anyBit(namespaceFlags, 0, 1),
      answer(result.error('EPERM')),
      answer(result.allow),
    ),
    ...only(
      'socket',
      load(argumentOffset(0)),
      equal(socketFamilies.unix, 5, 0),
      equal(socketFamilies.inet, 4, 0),
      equal(socketFamilies.inet6, 3, 0),
      equal(socketFamilies.netlink, 0, 3),
      load(argumentOffset(2)),
      // NETLINK_ROUTE, which getifaddrs needs.
      equal(0, 0, 1),
      answer(result.allow),
      answer(result.error('EAFNOSUPPORT')),
    ),
    ...only(
      'ioctl',
      load(argumentOffset(1)),
      equal(terminalInjection.TIOCSTI, 1, 0),
      equal(terminalInjection.TIOCLINUX, 0, 1),
      answer(result.error('EPERM')),
      answer(result.allow),
    ),
    ...only(
      'personality',
      load(argumentOffset(0)),
      equal(0, 1, 0),
      equal(0xffffffff, 0, 1),
      answer(result.allow),
      answer(result.error('EPERM')),
    ),
    answer(result.allow),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes[index * 8 + 2] = ifTrue;
    bytes[index * 8 + 3] = ifFalse;
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}

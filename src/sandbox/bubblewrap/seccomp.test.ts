// The filter program, run by a small interpreter of classic BPF; escape.test.ts tries it on the kernel.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seccompProgram } from './seccomp.ts';

const kill = 0x80000000;
const allow = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;

/** What the program answers to a call. Throws on an instruction or a jump that the kernel would not take. */
function run(program: Buffer, audit: number, number: number, args: number[] = []): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  for (const [index, argument] of args.entries())
    data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(argument)), 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    assert(at * 8 + 8 <= program.length, 'ends in an answer');
    const [code, ifTrue, ifFalse] = [program.readUInt16LE(at * 8), program[at * 8 + 2]!, program[at * 8 + 3]!];
    const value = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x15) at += accumulator === value ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= value ? ifTrue : ifFalse;
    else if (code === 0x45) at += (accumulator & value) !== 0 ? ifTrue : ifFalse;
    else throw new Error(`instruction ${code}`);
  }
}

const kinds = [
  { arch: 'x64', audit: 0xc000003e, read: 0, mount: 165, clone: 56, socket: 41, ioctl: 16, personality: 135 },
  { arch: 'arm64', audit: 0xc00000b7, read: 63, mount: 40, clone: 220, socket: 198, ioctl: 29, personality: 92 },
];

for (const { arch, audit, read, mount, clone, socket, ioctl, personality } of kinds) {
  describe(`the system call filter of ${arch}`, () => {
    const program = seccompProgram(arch);
    const answer = (number: number, ...args: number[]) => run(program, audit, number, args);

    it('kills on another architecture', () => {
      for (const other of [0x40000003, 0xc000003e, 0xc00000b7].filter((each) => each !== audit)) {
        assert.equal(run(program, other, read), kill);
      }
    });

    it('kills on x32 calls', { skip: arch !== 'x64' && 'only x64 has them' }, () => {
      assert.equal(answer(0x40000000 + read), kill);
    });

    it('refuses mounting, and allows reading', () => {
      assert.equal(answer(mount), EPERM);
      assert.equal(answer(read), allow);
    });

    it('allows threads and processes, and refuses namespaces', () => {
      assert.equal(answer(clone, 0x003d0f00), allow);
      assert.equal(answer(clone, 17), allow);
      for (let bit = 0x00020000; bit <= 0x40000000; bit *= 2) {
        const isNamespace = [
          0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
        ].includes(bit);
        assert.equal(answer(clone, bit + 17), isNamespace ? EPERM : allow, bit.toString(16));
      }
      assert.equal(answer(435), ENOSYS);
    });

    it('opens sockets of the internet, of the machine and of route queries only', () => {
      for (let family = 0; family < 46; family++) {
        assert.equal(
          answer(socket, family, 1, 0),
          [1, 2, 10, 16].includes(family) ? allow : EAFNOSUPPORT,
          String(family),
        );
      }
      assert.equal(answer(socket, 16, 3, 9), EAFNOSUPPORT);
      assert.equal(answer(socket, 2, 1, 6), allow);
    });

    it('types nothing into terminals', () => {
      assert.equal(answer(ioctl, 0, 0x5412), EPERM);
      assert.equal(answer(ioctl, 0, 0x541c), EPERM);
      assert.equal(answer(ioctl, 0, 0x5401), allow);
      // The kernel looks at the low half only.
      assert.equal(answer(ioctl, 0, 0x100005412), EPERM);
    });

    it('keeps the personality', () => {
      assert.equal(answer(personality, 0xffffffff), allow);
      assert.equal(answer(personality, 0), allow);
      assert.equal(answer(personality, 0x40000), EPERM);
    });
  });
}

it('has no filter for an architecture that it does not know', () => {
  assert.throws(() => seccompProgram('mips'), RangeError);
});

// How values are distributed: each value and how often it came, coarsened once there are too many different ones.
import { bounds } from './limits.ts';

/** Counts by value. Counts may have a fraction, as those of PutMetricData may. */
export type Counts = ReadonlyMap<number, number>;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Index of the word that holds sign, exponent and the first bits of the fraction. */
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * The middle of the bin that holds `value`: its fraction cut to six bits, so a bin is at most 1/64 wide relative to its values.
 * The middle of a bin lies in that bin.
 */
export function binOf(value: number): number {
  if (value === 0) return 0;
  float[0] = value;
  words[high] = (words[high]! & 0xffffc000) | 0x2000;
  words[1 - high] = 0;
  return float[0];
}

export class Distribution {
  #counts: Map<number, number>;
  #coarse = false;

  constructor(counts: Iterable<readonly [value: number, count: number]> = []) {
    this.#counts = new Map(counts);
  }

  get counts(): Counts {
    return this.#counts;
  }

  add(value: number, count: number): void {
    const key = this.#coarse ? binOf(value) : value;
    const before = this.#counts.get(key);
    this.#counts.set(key, before === undefined ? count : before + count);
    if (before === undefined && !this.#coarse && this.#counts.size > bounds.exactValues) this.#coarsen();
  }

  #coarsen(): void {
    const fine = this.#counts;
    this.#coarse = true;
    this.#counts = new Map();
    for (const [value, count] of fine) this.add(value, count);
  }
}

/** Pairs of value and count, as single floats where those say the same, behind a byte that tells which. */
export function encodeDistribution({ counts }: Distribution): Uint8Array {
  const pairs = [...counts].flat();
  const width = pairs.every((number) => Math.fround(number) === number) ? 4 : 8;
  const encoded = new Uint8Array(1 + width * pairs.length);
  const view = new DataView(encoded.buffer);
  encoded[0] = width;
  for (const [index, number] of pairs.entries()) {
    if (width === 4) view.setFloat32(1 + 4 * index, number);
    else view.setFloat64(1 + 8 * index, number);
  }
  return encoded;
}

export function decodeDistribution(encoded: Uint8Array): Distribution {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const width = encoded[0]!;
  const distribution = new Distribution();
  for (let offset = 1; offset < encoded.byteLength; offset += 2 * width) {
    if (width === 4) distribution.add(view.getFloat32(offset), view.getFloat32(offset + 4));
    else distribution.add(view.getFloat64(offset), view.getFloat64(offset + 8));
  }
  return distribution;
}

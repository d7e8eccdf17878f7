// The X-Ray trace header that Lambda gives an invocation which came without one.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';

/** `Root=1-<8 hex of epoch seconds>-<24 hex>;Parent=<16 hex>;Sampled=0;Lineage=1:<8 hex>:0`. */
export function newTraceHeader(clock: Clock, ids: Ids): string {
  const seconds = Math.floor(clock.now() / 1000).toString(16);
  const random = ids.hex(24);
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24, 40)};Sampled=0;Lineage=1:${random.slice(40, 48)}:0`;
}

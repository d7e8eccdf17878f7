// start: from the command `lambent start` to its line that it is ready, over an empty data folder.
import { bareNode, bareStartMs } from '../bare-interpreter.ts';
import { type Bench, peerName } from '../bench.ts';
import { median, percentile, ratio, rounded } from '../statistics.ts';

const samples = 10;

export const start: Bench = {
  name: 'start',
  about: `from the command to ready, p50 of ${samples}, against the start of the bare interpreter`,
  async run(context) {
    const bare = await bareNode();
    const own: number[] = [];
    const best: number[] = [];
    context.say(`start: ${samples} starts`);
    for (let index = 0; index < samples; index++) {
      const startedAt = performance.now();
      const lambent = await context.lambent();
      own.push(performance.now() - startedAt);
      await lambent.stop();
      best.push(await bareStartMs(bare));
    }
    context.emit({
      name: 'start',
      unit: 'ms p50',
      lambent: rounded(median(own)),
      limit: rounded(median(best)),
      ratio_to_limit: ratio(median(own), median(best)),
      peers: { [peerName]: null },
      why: 'not measured',
      goal: 'lambent < 1000',
      slowest: rounded(percentile(own, 1)),
      samples,
    });
  },
};

// Runs benches one after the other, gives them what they need, and takes everything away again.
import type { Bench, BenchContext, BenchLine } from './bench.ts';
import { type Load, startLoad } from './load/load.ts';
import { type LambentTarget, startLambent } from './targets/lambent.ts';
import { type LimitTarget, startLimit } from './targets/limit.ts';
import { type PeerTarget, startPeer } from './targets/serverless-offline.ts';

export interface Output {
  line(line: BenchLine | { name: string; error: string }): void;
  say(sentence: string): void;
}

/** The names of those that failed. */
export async function runBenches(benches: readonly Bench[], { line, say }: Output): Promise<string[]> {
  const shared: { limit?: LimitTarget; peer?: PeerTarget | { why: string }; load?: Load } = {};
  const servers = new Set<LambentTarget>();
  const context: BenchContext = {
    emit: line,
    say,
    async lambent(flags) {
      const server = await startLambent(flags);
      servers.add(server);
      return server;
    },
    limit: async () => (shared.limit ??= await startLimit()),
    peer: async () => (shared.peer ??= await startPeer(say)),
    load: async () => (shared.load ??= startLoad()),
  };
  const failed: string[] = [];
  for (const bench of benches) {
    try {
      await bench.run(context);
    } catch (error) {
      failed.push(bench.name);
      line({ name: bench.name, error: (error as Error).message });
    }
    for (const server of servers) await server.stop();
    servers.clear();
  }
  shared.load?.stop();
  await shared.limit?.stop();
  if (shared.peer !== undefined && 'stop' in shared.peer) await shared.peer.stop();
  return failed;
}

// `npm run bench -- NAME…`: measures Lambent against the machine's limit and a peer; one JSON object a line on stdout.
import type { Bench } from './bench.ts';
import { async } from './benches/async.ts';
import { burst } from './benches/burst.ts';
import { cold } from './benches/cold.ts';
import { control } from './benches/control.ts';
import { density } from './benches/density.ts';
import { extensions } from './benches/extension.ts';
import { java } from './benches/java.ts';
import { payload } from './benches/payload.ts';
import { reload } from './benches/reload.ts';
import { scale } from './benches/scale.ts';
import { sqs } from './benches/sqs.ts';
import { start } from './benches/start.ts';
import { stream } from './benches/stream.ts';
import { url } from './benches/url.ts';
import { warm } from './benches/warm.ts';
import { runBenches } from './run-benches.ts';

const benches: readonly Bench[] = [
  start,
  cold,
  java,
  warm,
  burst,
  scale,
  density,
  payload,
  control,
  url,
  stream,
  extensions,
  async,
  reload,
  sqs,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => name !== '--list' && !benches.some((bench) => bench.name === name));
if (wanted.includes('--list')) {
  for (const { name, about } of benches) console.log(`${name.padEnd(10)} ${about}`);
} else if (unknown.length > 0) {
  console.error(`no bench is named ${unknown.join(', ')}; --list shows them`);
  process.exitCode = 1;
} else {
  const chosen = wanted.length === 0 ? benches : benches.filter((bench) => wanted.includes(bench.name));
  const failed = await runBenches(chosen, {
    line: (line) => console.log(JSON.stringify(line)),
    say: (sentence) => console.error(sentence),
  });
  process.exitCode = failed.length === 0 ? 0 : 1;
}

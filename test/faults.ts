// `npm run faults -- --seed N`: 10,000 events and 20,000 messages while the server is killed twenty times, and what became of them.
import { parseArgs } from 'node:util';
import { eventCrashes } from './faults/event-crashes.ts';
import { queueCrashes } from './faults/queue-crashes.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '20' },
    retries: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const report = (line: string) => console.error(line);

const retries = Number(values.retries);
const events = await eventCrashes({ events: Number(values.events), kills, seed, retries, report });
console.log(JSON.stringify({ scenario: 'events', ...events, problems: events.problems.slice(0, 20) }));
const queues = await queueCrashes({ messages: Number(values.messages), kills, seed, visibilitySeconds: 20, report });
console.log(JSON.stringify({ scenario: 'queues', ...queues, problems: queues.problems.slice(0, 20) }));
process.exitCode = events.problems.length + queues.problems.length === 0 ? 0 : 1;

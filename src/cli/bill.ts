// `lambent bill`: what AWS would have charged for a month.
import { Command } from 'commander';
import http from 'node:http';
import https from 'node:https';
import type { MonthlyBills } from '../metering/index.ts';
import { Connection, type ConnectionFlags, sayWhere, withConnection } from './connection.ts';
import { Failure, usageFailure } from './failure.ts';
import { formatTable, paint } from './format.ts';

interface BillFlags extends ConnectionFlags {
  month?: string;
  account?: string;
}

type Bill = MonthlyBills['accounts'][number];

const examples = `
Examples:
  lambent bill
  lambent bill --month 2026-11 --account 000000000000
  lambent bill --json | jq -r '.accounts[].total'`;

const items: Readonly<Record<string, string>> = {
  requests: 'Requests',
  duration: 'Duration',
  'provisioned-duration': 'Duration, provisioned',
  'provisioned-concurrency': 'Provisioned concurrency',
  'ephemeral-storage': 'Ephemeral storage above 512 MB',
  streaming: 'Streamed responses above 6 MB',
};

export function billCommand(): Command {
  const command = new Command('bill')
    .description('Show what AWS would have charged for a month')
    .option('--month <month>', 'such as 2026-11, in UTC (default: this month)')
    .option('--account <number>', 'twelve digits (default: every account)')
    .addHelpText('after', examples);
  return withConnection(command).action(run);
}

async function run(flags: BillFlags): Promise<void> {
  const connection = await Connection.open(flags);
  if (connection.endpoint === null) {
    throw usageFailure('AWS tells its own bills: aws ce get-cost-and-usage. For one of Lambent, say --endpoint-url.');
  }
  const bills = await connection.run(() => askFor(connection.endpoint!, flags));
  if (flags.json) {
    console.log(JSON.stringify(bills, null, 2));
    return;
  }
  sayWhere(connection, flags);
  const used = bills.accounts.filter(({ lines }) => lines.length > 0);
  if (used.length === 0) console.log(`Nothing was used in ${nameOf(bills.month)}, and nothing costs nothing.`);
  for (const bill of used) console.log(`${format(bill, bills.month)}\n`);
  if (used.length > 0) console.log(paint(footnote(bills), 'dim'));
}

async function askFor(endpoint: string, { month, account }: BillFlags): Promise<MonthlyBills> {
  const url = new URL('/_lambent/bill', endpoint);
  if (month !== undefined) url.searchParams.set('month', month);
  if (account !== undefined) url.searchParams.set('account', account);
  const { status, text } = await get(url);
  const body = JSON.parse(text) as MonthlyBills & { code?: string; message?: string };
  if (status === 400) throw usageFailure(`--${body.message}`);
  if (status !== 200) throw new Failure(body.code ?? 'BillMissing', `${endpoint} tells no bill: ${body.message}`);
  return body;
}

/** Unlike fetch, this asks on every port. */
function get(url: URL): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? https.get : http.get;
    ask(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

function format(bill: Bill, month: string): string {
  const small = [...bill.functions, ...bill.lines].some(({ cost }) => Number(cost) > 0 && Number(cost) < 0.01);
  const dollars = (cost: string, decimals = small ? 6 : 2) => `$${grouped(Number(cost).toFixed(decimals))}`;
  const functions = formatTable(
    ['REGION', 'FUNCTION', 'REQUESTS', 'GB-SECONDS', 'COST'],
    bill.functions.map(({ region, functionName, requests, gbSeconds, cost }) => [
      region,
      functionName,
      grouped(requests),
      amount(gbSeconds),
      dollars(cost),
    ]),
    ['REQUESTS', 'GB-SECONDS', 'COST'],
  );
  const lines = formatTable(
    ['REGION', 'ITEM', 'USAGE', 'COST'],
    bill.lines.map(({ region, architecture, item, usage, unit, cost }) => [
      region,
      `${items[item]}, ${architecture}`,
      unit === 'requests' ? grouped(usage) : `${amount(usage)} ${unit}`,
      dollars(cost),
    ]),
    ['USAGE', 'COST'],
  );
  const free = bill.freeTier.map(({ usage, unit }) => `${amount(usage)} ${unit}`).join(', ');
  const sums = [
    ['Subtotal', dollars(bill.subtotal)],
    ...(bill.freeTier.length === 0 ? [] : [[`Free tier (${free})`, `-${dollars(bill.freeTierCredit)}`]]),
    ['Total', dollars(bill.total, 2)],
  ] as string[][];
  const width = Math.max(...sums.map(([name]) => name!.length));
  const costs = Math.max(...sums.map(([, cost]) => cost!.length));
  const totals = sums.map(([name, cost]) => `${name!.padEnd(width)}  ${cost!.padStart(costs)}`);
  const title = `AWS Lambda in ${nameOf(month)}, account ${bill.account}`;
  return [paint(title, 'bold'), '', functions, '', lines, '', ...totals].join('\n');
}

function footnote({ prices }: MonthlyBills): string {
  const { date, region, source, regionsPricedAsThat: others } = prices;
  const borrowed =
    others.length === 0 ? '' : ` ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} billed at them.`;
  return `Nobody charges this. Prices of ${region} as of ${date}, ${source}.${borrowed}`;
}

/** `2026-11` → `November 2026`. */
function nameOf(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** With thousands apart, and at most three decimals where there is anything before the point. */
function amount(text: string): string {
  const value = Number(text);
  if (Number.isInteger(value)) return grouped(String(value));
  return grouped(value.toFixed(value < 1 ? 6 : 3));
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

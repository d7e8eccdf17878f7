// The door of metering: what every invocation used is counted, and billed as AWS would.
import type { Clock } from '../core/clock.ts';
import { AwsError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Database } from '../storage/index.ts';
import { makeBill } from './bill.ts';
import { Meter } from './meter.ts';
import { type ShownBill, showBill, showPrices } from './show-bill.ts';
import { UsageStore } from './store.ts';
import { dayOf } from './usage.ts';

export { Meter } from './meter.ts';

export interface MeteringParts {
  /** A database of its own, so that metering never holds up anything else; its durability may be `normal`. */
  database: Database;
  clock: Clock;
  log: Logger;
}

/** What `GET /_lambent/bill` answers with. */
export interface MonthlyBills {
  /** E.g. `2026-11`; days are UTC. */
  month: string;
  currency: 'USD';
  prices: ReturnType<typeof showPrices>;
  /** One for each account that used something. */
  accounts: ShownBill[];
}

export interface Metering {
  meter: Meter;
  /** Bills of `month` (default: this one), of all accounts or of one. Throws ValidationException for what is no month. */
  bill(query: URLSearchParams): Promise<MonthlyBills>;
}

/** Opens metering over a database; `meter.stop` stores what it holds. */
export async function openMetering({ database, clock, log }: MeteringParts): Promise<Metering> {
  const store = await UsageStore.open(database);
  const meter = new Meter(store, clock, log);
  return {
    meter,
    async bill(query) {
      const month = query.get('month') ?? dayOf(clock.now()).slice(0, 7);
      const account = query.get('account');
      if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw invalid(`month: "${month}" is not written as 2026-11`);
      if (account !== null && !/^\d{12}$/.test(account)) throw invalid(`account: "${account}" is not twelve digits`);
      await meter.flush();
      const days = [`${month}-01`, `${month}-31`] as const;
      const accounts = account === null ? await store.accounts(...days) : [account];
      const bills = await Promise.all(accounts.map(async (each) => makeBill(await store.usage(each, ...days))));
      const shown = bills.map((each, index) => showBill(accounts[index]!, each));
      return { month, currency: 'USD', prices: showPrices(bills), accounts: shown };
    },
  };
}

const invalid = (message: string) => new AwsError('ValidationException', message);

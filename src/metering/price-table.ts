// AWS's prices as data.
import { type Picodollars, picodollars } from './money.ts';
import type { Quantity } from './usage.ts';

/** GB-seconds are kept as MB-milliseconds; AWS's gigabyte has 1,024 MB. */
export const mbMsPerGbSecond = 1_024_000n;
export const bytesPerGb = 1_073_741_824n;

/** A price, and up to which usage of an account in a region in a month it holds; absent: for all the rest. */
export interface Tier {
  upTo?: bigint;
  price: Picodollars;
}

export interface Price {
  /** How much of the quantity costs `price`. */
  per: bigint;
  tiers: readonly Tier[];
}

export const architectures = ['x86_64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];
export type Prices = Readonly<Record<Quantity, Price>>;

export const priceTable = {
  source: 'https://aws.amazon.com/lambda/pricing/',
  /** Since when AWS's price list has these prices. */
  date: '2025-10-01',
  /** Whose prices hold where a region has none of its own. */
  region: 'us-east-1',
} as const;

/** Each month for an account, over all regions and both architectures; none of it for provisioned concurrency. */
export const freeTier: Readonly<Partial<Record<Quantity, bigint>>> = {
  requests: 1_000_000n,
  durationMbMs: 400_000n * mbMsPerGbSecond,
  streamedBytes: 100n * bytesPerGb,
};

const billionGbSeconds = 1_000_000_000n * mbMsPerGbSecond;
const tierEnds: Readonly<Record<Architecture, readonly [first: bigint, second: bigint]>> = {
  x86_64: [6n * billionGbSeconds, 15n * billionGbSeconds],
  arm64: [(75n * billionGbSeconds) / 10n, (1875n * billionGbSeconds) / 100n],
};

/** Dollars for a GB-second on demand, by tier. */
const duration: Readonly<Record<Architecture, readonly [string, string, string]>> = {
  x86_64: ['0.0000166667', '0.000015', '0.0000133334'],
  arm64: ['0.0000133334', '0.0000120001', '0.0000106667'],
};

/**
 * Regions in which a GB-second on demand costs more. AWS's second and third tiers are a tenth and a fifth below the first;
 * here these are derived. All other prices of these regions are not known to Lambent, and those of us-east-1 are taken.
 */
const dearerRegions: Readonly<Record<string, Readonly<Record<Architecture, string>>>> = {
  'af-south-1': { x86_64: '0.0000221', arm64: '0.00001768' },
  'ap-east-1': { x86_64: '0.00002292', arm64: '0.0000183' },
  'eu-south-1': { x86_64: '0.0000195172', arm64: '0.0000156138' },
  'me-central-1': { x86_64: '0.0000206667', arm64: '0.0000165334' },
  'me-south-1': { x86_64: '0.0000206667', arm64: '0.0000165334' },
};

const provisioned: Readonly<Record<Architecture, { kept: string; duration: string }>> = {
  x86_64: { kept: '0.0000041667', duration: '0.0000097222' },
  arm64: { kept: '0.0000033334', duration: '0.0000077778' },
};

const flat = (dollars: string, per: bigint): Price => ({ per, tiers: [{ price: picodollars(dollars) }] });

/** What everything costs in a region. */
export function pricesOf(region: string, architecture: Architecture): Prices {
  const kept = provisioned[architecture];
  return {
    requests: flat('0.20', 1_000_000n),
    durationMbMs: { per: mbMsPerGbSecond, tiers: durationTiers(region, architecture) },
    provisionedDurationMbMs: flat(kept.duration, mbMsPerGbSecond),
    provisionedMbMs: flat(kept.kept, mbMsPerGbSecond),
    ephemeralStorageMbMs: flat('0.0000000309', mbMsPerGbSecond),
    streamedBytes: flat('0.008', bytesPerGb),
  };
}

/** Whether a region has prices of its own. */
export function hasOwnPrices(region: string): boolean {
  return region === priceTable.region || Object.hasOwn(dearerRegions, region);
}

function durationTiers(region: string, architecture: Architecture): Tier[] {
  const dearer = Object.hasOwn(dearerRegions, region) ? dearerRegions[region]![architecture] : undefined;
  const first = picodollars(dearer ?? duration[architecture][0]);
  const prices =
    dearer === undefined ? duration[architecture].map(picodollars) : [first, (first * 9n) / 10n, (first * 8n) / 10n];
  const [firstEnd, secondEnd] = tierEnds[architecture];
  return [{ upTo: firstEnd, price: prices[0]! }, { upTo: secondEnd, price: prices[1]! }, { price: prices[2]! }];
}

import { GB } from '../../lib/logs/cost';
import { pricesOf } from '../../lib/logs/prices';
import type { SampleTally } from '../../lib/logs/sample-tally';
import { dollars } from './figures';

/** What money is reckoned by. */
export interface MoneyOptions {
  /** The region whose prices are taken. */
  readonly region: string;
  /** GB of lines a day, to reckon what the sample stands for. */
  readonly gbPerDay?: number;
  /**
   * The sample holds what rules kept, and not what they dropped.
   *
   * @default - nobody knows
   */
  readonly keptOnly?: true;
}

/** What CloudWatch Logs takes for some lines, in US dollars. */
export interface Charge {
  /** If it were sent all of them. */
  readonly allInCloudWatch: number;
  /** For what the rules send it. */
  readonly inCloudWatch: number;
}

/** What a sample costs where the destination charges by volume; undefined without prices of the region. */
export function money(
  tally: SampleTally,
  options: MoneyOptions,
): { readonly sample: Charge; readonly perDay?: Charge } | undefined {
  const price = priceOf(options);
  if (price === undefined) return undefined;
  const { came, hot } = tally;
  const of = (scale: number): Charge => ({
    allInCloudWatch: came.bytes * price * scale,
    inCloudWatch: hot.bytes * price * scale,
  });
  return { sample: of(1), ...(options.gbPerDay === undefined ? {} : { perDay: of(scaleOf(tally, options)) }) };
}

const KEPT_ONLY =
  'The sample is what the rules of then kept: what they dropped is in none of these sums, and neither is what that saves.';

function dayInWords({ gbPerDay, keptOnly }: MoneyOptions): string {
  return keptOnly === true ? `A day of which ${gbPerDay} GB like it are kept` : `A day of ${gbPerDay} GB like it`;
}

/** The same in sentences. */
export function moneyLines(tally: SampleTally, options: MoneyOptions): string[] {
  const found = money(tally, options);
  if (found === undefined)
    return [
      `What CloudWatch Logs charges in ${options.region} is not in lib/logs/prices.json, so no money is reckoned.`,
    ];
  const line = (what: string, { allInCloudWatch: all, inCloudWatch: some }: Charge): string =>
    `${what}: ${dollars(some)} for taking it into CloudWatch Logs instead of ${dollars(all)} for all of it; ${dollars(all - some)} saved.`;
  return [
    line('This sample', found.sample),
    ...(found.perDay === undefined ? [] : [line(dayInWords(options), found.perDay)]),
    ...(options.keptOnly === true ? [KEPT_ONLY] : []),
    'The stream takes its price for every record, dropped or not: hajime logs cost reckons with that.',
  ];
}

/** What it saves that some bytes do not go to CloudWatch Logs: in the sample, or in a day if its size is known. */
export function savedBy(tally: SampleTally, options: MoneyOptions): (bytes: number) => string {
  const price = priceOf(options);
  return (bytes) => (price === undefined ? '' : dollars(bytes * price * scaleOf(tally, options)));
}

/** US dollars for a byte. */
function priceOf({ region }: MoneyOptions): number | undefined {
  const price = pricesOf(region)?.logsIngested.usd;
  return price === undefined ? undefined : price / GB;
}

/** How much larger a day is than the sample; 1 if nothing is known of a day. */
function scaleOf({ came }: SampleTally, { gbPerDay }: MoneyOptions): number {
  return gbPerDay === undefined || came.bytes === 0 ? 1 : (gbPerDay * GB) / came.bytes;
}

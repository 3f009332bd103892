import table from './prices.json';

/** What is paid for on the way of a log line. */
export type PriceName = keyof (typeof table.regions)['us-east-1'];

/** The name of a source in {@link PRICE_SOURCES}; `recalled` is for prices that were not read anywhere. */
export type PriceSource = keyof typeof table.sources;

/** One price, and where it was read. */
export interface Price {
  /** US dollars. */
  readonly usd: number;
  /** For how much of what, such as `GB` or `1000 requests`. */
  readonly per: string;
  /** Where it was read. */
  readonly source: PriceSource;
}

/** The prices of one region. */
export type Prices = Readonly<Record<PriceName, Price>>;

/** Where prices were read, and of what date they are. */
export const PRICE_SOURCES: Readonly<Record<PriceSource, { readonly at: string; readonly date: string }>> =
  table.sources;

/** The regions with prices; prices.json takes further ones. */
export const PRICED_REGIONS: readonly string[] = Object.keys(table.regions);

/** The prices of a region; undefined if they are not known here. */
export function pricesOf(region: string): Prices | undefined {
  const regions = table.regions as Readonly<Record<string, Prices | undefined>>;
  return Object.hasOwn(regions, region) ? regions[region] : undefined;
}

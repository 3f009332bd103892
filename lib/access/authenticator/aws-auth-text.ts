import { readLine, type AwsAuthLine } from './aws-auth-line';
import { parseYaml, UnusableYaml, type YamlText } from './yaml-text';
import { decode, decodeTexts } from './yaml-value';

/** Something in a list. */
export interface Placed<T> {
  /** Its place, from 0, whatever is of no use counted. */
  readonly index: number;
  /** What it is. */
  readonly value: T;
}

/** One of the texts in aws-auth, read. */
export interface AwsAuthPart<T> {
  /** What is good in it. */
  readonly good: readonly Placed<T>[];
  /** What is wrong with single lines. */
  readonly flaws: readonly Placed<string>[];
  /**
   * Why nothing of it counts.
   *
   * @default - it can be used
   */
  readonly unusable?: string;
}

/** Reads mapRoles or mapUsers. */
export function readLines(text: unknown, arnKey: 'rolearn' | 'userarn'): AwsAuthPart<AwsAuthLine> {
  return read(text, (yaml) => {
    const items = decode(yaml) ?? [];
    if (!Array.isArray(items)) return NOT_A_LIST;
    const lines = items.map((item, index) => ({ index, ...readLine(item, arnKey) }));
    return {
      good: lines.flatMap(({ index, line }) => (line === undefined ? [] : [{ index, value: line }])),
      flaws: lines.flatMap(({ index, flaws }) => flaws.map((value) => ({ index, value }))),
    };
  });
}

/** Reads mapAccounts. */
export function readAccounts(text: unknown): AwsAuthPart<string> {
  return read(text, (yaml) => {
    const accounts = decodeTexts(yaml);
    if (accounts === undefined) return NOT_A_LIST;
    const placed = accounts.map((value, index) => ({ index, value }));
    return {
      good: placed.flatMap(({ index, value }) => (value === undefined ? [] : [{ index, value }])),
      flaws: placed.flatMap(({ index, value }) => (value === undefined ? [{ index, value: 'is not a text' }] : [])),
    };
  });
}

const NOTHING = { good: [], flaws: [] };
const NOT_A_LIST = { ...NOTHING, unusable: 'is not a list' };

function read<T>(text: unknown, from: (yaml: YamlText) => AwsAuthPart<T>): AwsAuthPart<T> {
  if (text === undefined || text === null) return NOTHING;
  if (typeof text !== 'string') return { ...NOTHING, unusable: 'is not a text' };
  // what an editor leaves behind of an emptied value
  if (['', '``', '""', "''"].includes(text.trim())) return NOTHING;
  try {
    return from(parseYaml(text));
  } catch (error) {
    if (error instanceof UnusableYaml) return { ...NOTHING, unusable: error.message };
    throw error;
  }
}

import { problem, within } from '../../validate';
import type { AwsAuthTexts } from '../access';
import type { AwsAuthLine } from '../authenticator/aws-auth-line';
import { readAccounts, readLines, type AwsAuthPart } from '../authenticator/aws-auth-text';
import { documents, findMap, MAP_KEYS } from './aws-auth-document';

/** One line of aws-auth, as it is read. */
export interface ReadMapLine {
  /** Which text it is in. */
  readonly text: keyof AwsAuthTexts;
  /** Its place there, from 0. */
  readonly index: number;
  /**
   * What a line of mapRoles or mapUsers says.
   *
   * @default - it is one of mapAccounts, or says nothing that could match
   */
  readonly line?: AwsAuthLine;
  /**
   * What a line of mapAccounts says.
   *
   * @default - it is none, or says nothing that could match
   */
  readonly account?: string;
  /** What is wrong with it. */
  readonly flaws: readonly string[];
}

/** The aws-auth ConfigMap, as a file holds it. */
export interface AwsAuthFile {
  /** Its texts, as they stand. */
  readonly texts: AwsAuthTexts;
  /** Its lines, in their order. */
  readonly lines: readonly ReadMapLine[];
  /** Why the file is of no use, or a part of it. */
  readonly problems: readonly string[];
}

/**
 * Reads aws-auth as kubectl prints it, in YAML or JSON, by itself or in a list; also its `data` alone. Lines are read the
 * way the authenticator reads them.
 */
export function readAwsAuth(text: string): AwsAuthFile {
  const { values, problems } = documents(text);
  if (problems.length > 0) return { texts: {}, lines: [], problems };
  const found = findMap(values);
  if (typeof found === 'string') return { texts: {}, lines: [], problems: [found] };
  const wrong = Object.entries(found.data).flatMap(([key, value]) => valueProblems(key, value, found.holder));
  const texts: AwsAuthTexts = Object.fromEntries(
    MAP_KEYS.flatMap((key) => (typeof found.data[key] === 'string' ? [[key, found.data[key]]] : [])),
  );
  const { lines, unusable } = readTexts(texts);
  return {
    texts,
    lines,
    problems: [
      ...wrong,
      ...unusable.map(({ key, why }) =>
        problem(
          within(found.holder, key),
          `must be lines in YAML, and it ${why}`,
          texts[key],
          'nobody in it gets in until it is mended',
        ),
      ),
    ],
  };
}

/** The lines of the texts of aws-auth, and which texts are of no use. */
export function readTexts(texts: AwsAuthTexts): {
  lines: readonly ReadMapLine[];
  unusable: readonly { readonly key: keyof AwsAuthTexts; readonly why: string }[];
} {
  const parts = {
    mapRoles: asLines('mapRoles', readLines(texts.mapRoles, 'rolearn'), (line) => ({ line })),
    mapUsers: asLines('mapUsers', readLines(texts.mapUsers, 'userarn'), (line) => ({ line })),
    mapAccounts: asLines('mapAccounts', readAccounts(texts.mapAccounts), (account) => ({ account })),
  };
  return {
    lines: MAP_KEYS.flatMap((key) => parts[key].lines),
    unusable: MAP_KEYS.flatMap((key) => {
      const why = parts[key].unusable;
      return why === undefined ? [] : [{ key, why }];
    }),
  };
}

function asLines<T>(
  text: keyof AwsAuthTexts,
  { good, flaws, unusable }: AwsAuthPart<T>,
  says: (value: T) => Pick<ReadMapLine, 'line' | 'account'>,
): { lines: ReadMapLine[]; unusable: string | undefined } {
  const indices = [...new Set([...good, ...flaws].map(({ index }) => index))].sort((a, b) => a - b);
  const lines = indices.map((index): ReadMapLine => {
    const read = good.find((each) => each.index === index);
    return {
      text,
      index,
      ...(read === undefined ? {} : says(read.value)),
      flaws: flaws.filter((each) => each.index === index).map(({ value }) => value),
    };
  });
  return { lines, unusable };
}

function valueProblems(key: string, value: unknown, holder: string): string[] {
  const known = MAP_KEYS.find((each) => each.toLowerCase() === key.toLowerCase());
  if (known === undefined || value === null) return [];
  if (known !== key) return [problem(within(holder, key), `must be written ${known}: EKS reads no other`, key)];
  if (typeof value === 'string') return [];
  const rule = 'must be a text: EKS takes no list or map of YAML itself';
  return [problem(within(holder, key), rule, value, `write \`${key}: |\` and the lines below it`)];
}

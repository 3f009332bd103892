import type { YamlMap, YamlValue } from './yaml-value';

/** A line of mapRoles or mapUsers that may match somebody. */
export interface AwsAuthLine {
  /** The ARN as it is written. */
  readonly arn: string;
  /** The user name; blank if it has none. */
  readonly username: string;
  /** The groups. */
  readonly groups: readonly string[];
}

/** A line, read. */
export interface ReadLine {
  /**
   * What it says.
   *
   * @default - nothing that could match
   */
  readonly line?: AwsAuthLine;
  /** What is wrong with it; it may match nevertheless. */
  readonly flaws: readonly string[];
}

/** Reads one line the way the authenticator does: what is of the wrong type is as if it were not there. */
export function readLine(item: YamlValue, arnKey: 'rolearn' | 'userarn'): ReadLine {
  if (!isMapping(item)) return { flaws: ['is not a mapping'] };
  const flaws: string[] = [];
  const text = (name: string): string =>
    field(item, name).reduce<string>((before, value) => {
      if (typeof value === 'string') return value;
      if (value !== null) flaws.push(`has a ${name} that is not a text`);
      return before;
    }, '');
  const arn = text(arnKey);
  const username = text('username');
  const groups = field(item, 'groups').reduce<readonly string[]>((before, value) => {
    if (value === null) return [];
    if (!Array.isArray(value)) {
      flaws.push('has groups that are not a list');
      return before;
    }
    if (value.some((group) => typeof group !== 'string')) flaws.push('has a group that is not a text');
    return value.map((group) => (typeof group === 'string' ? group : ''));
  }, []);
  // a matcher of permission sets is an alpha feature that EKS has not turned on; only mapRoles knows the word
  const sso = arnKey === 'rolearn' && (field(item, 'sso').at(-1) ?? null) !== null;
  if (sso) return { flaws: [...flaws, arn === '' ? 'has sso, which EKS does not match' : 'has both rolearn and sso'] };
  if (arn === '') return { flaws: [...flaws, `has no ${arnKey}`] };
  return { line: { arn, username, groups }, flaws };
}

function isMapping(value: YamlValue): value is YamlMap {
  return value instanceof Map;
}

/** Every value of a key, in whatever case; the reader goes through them in the order of the alphabet, the last one wins. */
function field(item: YamlMap, name: string): YamlValue[] {
  // with `u` case is folded as in Go, where even a long s is an s
  const pattern = new RegExp(`^${name}$`, 'iu');
  return [...item]
    .filter(([key]) => pattern.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

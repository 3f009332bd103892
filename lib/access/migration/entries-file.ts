import { isPlainObject } from '../../shape';
import { problem, within } from '../../validate';
import type { AssociatedPolicy } from '../access';
import { jsonValues } from './json-values';

/** An access entry of the cluster, as far as a file tells of it. */
export interface KnownEntry {
  /** The whole ARN of its principal. */
  readonly principalArn: string;
  /**
   * Such as `STANDARD` or `EC2_LINUX`.
   *
   * @default - not told; a list of entries has ARNs only
   */
  readonly type?: string;
  /**
   * The Kubernetes user name.
   *
   * @default - not told
   */
  readonly username?: string;
  /**
   * The Kubernetes groups.
   *
   * @default - not told
   */
  readonly groups?: readonly string[];
  /**
   * The access policies.
   *
   * @default - not told
   */
  readonly policies?: readonly AssociatedPolicy[];
}

/** The access entries that a file tells of. */
export interface EntriesFile {
  /** The entries, each principal once. */
  readonly entries: readonly KnownEntry[];
  /** Why the file is of no use, or a part of it. */
  readonly problems: readonly string[];
}

const SAVED = 'save it with `aws eks list-access-entries --cluster-name <name> --output json`';

/**
 * Reads what `aws eks list-access-entries` prints, and, for more than the ARNs, what `describe-access-entry` and
 * `list-associated-access-policies` print: any number of them, one behind the other or in a list.
 */
export function readEntries(text: string): EntriesFile {
  const values = jsonValues(text);
  if (values.length === 0) return { entries: [], problems: [problem('line 1', 'must be JSON', undefined, SAVED)] };
  // one word after the other is no JSON: the first says enough
  const broken = values.find(({ value }) => value === undefined);
  if (broken !== undefined) {
    const [got] = broken.text.split('\n');
    return { entries: [], problems: [problem(`line ${broken.line}`, 'must be JSON', got, SAVED)] };
  }
  const problems: string[] = [];
  const entries = values.flatMap(({ value }, index) => read(value, values.length === 1 ? '' : `[${index}]`, problems));
  return { entries: merged(entries), problems };
}

/** What one answer tells. */
function read(value: unknown, property: string, problems: string[]): KnownEntry[] {
  const at = (name: string): string => within(property, name);
  if (Array.isArray(value)) return value.flatMap((each, index) => read(each, at(`[${index}]`), problems));
  if (typeof value === 'string') return principal(value, property, problems).map((principalArn) => ({ principalArn }));
  if (!isPlainObject(value)) {
    problems.push(problem(property || 'accessEntries', 'must be an answer of EKS about access entries', value, SAVED));
    return [];
  }
  const more = value.nextToken ?? value.NextToken;
  if (typeof more === 'string') {
    problems.push(problem(at('nextToken'), 'must not be there: the list goes on', more, 'list without --max-items'));
  }
  if (Array.isArray(value.accessEntries)) return read(value.accessEntries, at('accessEntries'), problems);
  if (isPlainObject(value.accessEntry)) return described(value.accessEntry, at('accessEntry'), problems);
  if ('principalArn' in value) return described(value, property, problems);
  const rule = 'must be given: the answer of EKS about access entries has it';
  problems.push(problem(at('accessEntries'), rule, value.accessEntries ?? Object.keys(value), SAVED));
  return [];
}

function described(entry: Record<string, unknown>, property: string, problems: string[]): KnownEntry[] {
  const { type, username, kubernetesGroups, associatedAccessPolicies } = entry;
  return principal(entry.principalArn, within(property, 'principalArn'), problems).map((principalArn) => ({
    principalArn,
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof username === 'string' ? { username } : {}),
    ...(Array.isArray(kubernetesGroups) ? { groups: kubernetesGroups.filter((each) => typeof each === 'string') } : {}),
    ...(Array.isArray(associatedAccessPolicies) ? { policies: associatedAccessPolicies.flatMap(policy) } : {}),
  }));
}

function policy(value: unknown): AssociatedPolicy[] {
  if (!isPlainObject(value) || typeof value.policyArn !== 'string') return [];
  const { type, namespaces } = isPlainObject(value.accessScope) ? value.accessScope : {};
  const limited = type === 'namespace' && Array.isArray(namespaces);
  return [
    {
      policy: value.policyArn.replace(/^.*\//, ''),
      ...(limited ? { namespaces: namespaces.filter((each) => typeof each === 'string') } : {}),
    },
  ];
}

function principal(arn: unknown, property: string, problems: string[]): string[] {
  if (typeof arn === 'string' && /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\//.test(arn)) return [arn];
  problems.push(problem(property, 'must be the ARN of a role or user', arn, SAVED));
  return [];
}

/** What several answers tell of the same principal is one entry. */
function merged(entries: readonly KnownEntry[]): KnownEntry[] {
  const known = new Map<string, KnownEntry>();
  for (const entry of entries) known.set(entry.principalArn, { ...known.get(entry.principalArn), ...entry });
  return [...known.values()];
}

import type { PolicyRule } from './rbac-objects';

/*
 * RBAC objects come from files and clusters, so at run time they may be anything. What cannot be read counts for
 * nothing and is named: an API server would not have taken it either.
 */

/** The properties of a value; none if it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The elements of a list; none if it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text; empty if it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The texts of a list. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}

/** Whether nothing is given, which YAML writes as null too. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The rules of `holder` that can be read, and a line about each that cannot. */
export function readRules(value: unknown, holder: string): { rules: readonly PolicyRule[]; errors: readonly string[] } {
  if (isAbsent(value)) return { rules: [], errors: [] };
  if (!Array.isArray(value)) return { rules: [], errors: [`${holder}: \`rules\` is no list`] };
  const rules: PolicyRule[] = [];
  const errors: string[] = [];
  for (const [index, each] of value.entries()) {
    const { rule, error } = readRule(each);
    if (rule) rules.push(rule);
    else errors.push(`${holder}: \`rules[${index}]${error}, so the rule counts for nothing`);
  }
  return { rules, errors };
}

const LISTS = ['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const;

// a list with one bad element is not read in part: of names of objects, none left would mean every object
function readRule(value: unknown): { rule?: PolicyRule; error?: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { error: '` is no rule' };
  const fields = fieldsOf(value);
  const bad = LISTS.find((name) => !isAbsent(fields[name]) && !isTexts(fields[name]));
  if (bad !== undefined) return { error: `.${bad}\` is no list of texts` };
  if (LISTS.every((name) => (name === 'verbs' ? fields[name] : true) && fields[name] !== null)) {
    return { rule: value as PolicyRule };
  }
  const given = LISTS.filter((name) => isTexts(fields[name])).map((name) => [name, fields[name]]);
  return { rule: { verbs: [], ...Object.fromEntries(given) } };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

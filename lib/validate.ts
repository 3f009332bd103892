import type { Construct } from 'constructs';

/**
 * One mistake, in the one form all of them have: the property as the user wrote it, the rule, the value got, the remedy.
 *
 * The rules of every part are pure functions that return such lines, so a new rule is one call.
 */
export function problem(property: string, rule: string, got: unknown, remedy?: string): string {
  return `\`${property}\` ${rule}, got ${shown(got)}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** Something legal that is most likely not meant. */
export interface Warning {
  /** Such as `kotohajime:single-nat`; the CDK's own way to acknowledge a warning takes it. */
  readonly id: string;
  /** What may go wrong. */
  readonly message: string;
}

/** Throws all problems of a construct at once, before it defines anything. */
export function throwIfAny(construct: Construct, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problemList(construct.node.path, problems));
}

/** The text a user sees for the problems of one thing; the same in a synth, on the command line and from a construct. */
export function problemList(what: string, problems: readonly string[]): string {
  return [`${what} is not valid:`, ...problems.map((line) => `  ${line}`)].join('\n');
}

/** Joins a property to the one that holds it; a construct's own properties have no holder. */
export function within(holder: string, property: string): string {
  if (holder === '') return property;
  return property.startsWith('[') ? `${holder}${property}` : `${holder}.${property}`;
}

/** A name as one element of a property path, such as `nodeGroups.system` or `labels["example.com/team"]`. */
export function element(holder: string, name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? within(holder, name) : within(holder, `[${JSON.stringify(name)}]`);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

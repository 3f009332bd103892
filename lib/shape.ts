import { element, problem, within } from './validate';

/** Looks at one value and returns what is wrong with its form; `property` is where the user wrote it. */
export type Check = (value: unknown, property: string) => string[];

/** A check that also accepts that nothing was written. */
type Optional = Check & { readonly optional: true };

/**
 * The form of a plain object: one row for each property of its type.
 *
 * The compiler refuses a missing row, so a property added to an interface cannot be forgotten here.
 */
export type Shape<T> = { readonly [K in keyof Required<T>]: Check };

/** A string that is not empty. */
export const text: Check = (value, property) =>
  value === '' ? [problem(property, 'must not be empty', value)] : anyText(value, property);

/** A string, also an empty one. What looks like a number or a truth value in YAML is one. */
export const anyText: Check = (value, property) => {
  if (typeof value === 'string') return [];
  const plain = typeof value === 'number' || typeof value === 'boolean';
  return [problem(property, 'must be a text', value, plain ? 'put it in quotes' : undefined)];
};

/** true or false. */
export const flag: Check = (value, property) =>
  typeof value === 'boolean' ? [] : [problem(property, 'must be true or false', value)];

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  const rule = min === max ? `must be ${min}` : `must be a whole number ${range}`;
  return (value, property) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? []
      : [problem(property, rule, value)];
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  return (value, property) =>
    typeof value === 'string' && words.includes(value)
      ? []
      : [problem(property, `must be one of ${words.join(', ')}`, value, nearestRemedy(value, words))];
}

/** A list whose items all have the same form. */
export function listOf(item: Check): Check {
  return (value, property) =>
    Array.isArray(value)
      ? value.flatMap((each, index) => item(each, within(property, `[${index}]`)))
      : [problem(property, 'must be a list', value)];
}

/** A map from a name of the user's choice to values of the same form. */
export function mapOf(item: Check): Check {
  return (value, property) =>
    isPlainObject(value)
      ? Object.entries(value).flatMap(([name, each]) => item(each, element(property, name)))
      : [problem(property, 'must be a map of names to values', value)];
}

/** An object with these properties and no other. */
export function object<T>(shape: Shape<T>): Check {
  const rows = Object.entries(shape) as [string, Check | Optional][];
  const names = rows.map(([name]) => name);
  return (value, property) => {
    if (!isPlainObject(value)) return [problem(property, 'must be an object', value)];
    const unknown = Object.keys(value)
      .filter((name) => !names.includes(name))
      .map((name) =>
        problem(
          element(property, name),
          'is not a property that exists here',
          value[name],
          nearestRemedy(name, names) ?? `the properties are ${names.join(', ')}`,
        ),
      );
    const known = rows.flatMap(([name, check]) => {
      if (value[name] !== undefined) return check(value[name], within(property, name));
      return 'optional' in check ? [] : [problem(within(property, name), 'must be given', undefined)];
    });
    return [...unknown, ...known];
  };
}

/** Any JSON object; what it may hold is somebody else's business. */
export const anyObject: Check = (value, property) =>
  isPlainObject(value) ? [] : [problem(property, 'must be an object', value)];

/** A property that may be left out. */
export function optional(check: Check): Optional {
  return Object.assign((value: unknown, property: string) => (value === undefined ? [] : check(value, property)), {
    optional: true as const,
  });
}

/** Whether a value is an object literal or a map, not a list, a class instance or null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // a config made in another realm (a test runner's sandbox) has another Object.prototype
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** "did you mean …" for a word that is a slip of one of the known words. */
export function nearestRemedy(got: unknown, words: readonly string[]): string | undefined {
  if (typeof got !== 'string') return undefined;
  const near = words
    .map((word) => ({ word, away: distance(got.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, away }) => away <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.away - b.away)[0];
  return near === undefined ? undefined : `did you mean \`${near.word}\`?`;
}

/** How many letters to add, take away, change, or change places with the next (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

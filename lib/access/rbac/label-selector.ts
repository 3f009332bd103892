import { fieldsOf, isAbsent, listOf, textsOf } from './loose';

/** Tells the labels that a selector, or a part of one, selects. */
export type LabelMatcher = (labels: unknown) => boolean;

interface Operator {
  /** Whether it stands with values or without. */
  readonly takesValues: boolean;
  readonly holds: (label: string | undefined, values: readonly string[]) => boolean;
}

const OPERATORS: ReadonlyMap<unknown, Operator> = new Map<unknown, Operator>([
  ['In', { takesValues: true, holds: (label, values) => label !== undefined && values.includes(label) }],
  ['NotIn', { takesValues: true, holds: (label, values) => label === undefined || !values.includes(label) }],
  ['Exists', { takesValues: false, holds: (label) => label !== undefined }],
  ['DoesNotExist', { takesValues: false, holds: (label) => label === undefined }],
]);

/**
 * Reads a label selector: what it selects, or what is wrong with it. One that asks for nothing selects everything.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function labelMatcher(selector: unknown): LabelMatcher | string {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const labels = Object.entries(fieldsOf(matchLabels));
  if (![selector, matchLabels].every(isAbsentOrObject) || labels.some(([, value]) => typeof value !== 'string')) {
    return 'is no label selector';
  }
  if (!isAbsent(matchExpressions) && !Array.isArray(matchExpressions)) return 'is no label selector';
  const conditions: LabelMatcher[] = labels.map(
    ([key, value]) =>
      (given) =>
        labelOf(given, key) === value,
  );
  for (const each of listOf(matchExpressions)) {
    const condition = expressionMatcher(each);
    if (typeof condition === 'string') return condition;
    conditions.push(condition);
  }
  return (given) => conditions.every((holds) => holds(given));
}

function expressionMatcher(expression: unknown): LabelMatcher | string {
  const { key, operator, values } = fieldsOf(expression);
  const texts = textsOf(values);
  const known = OPERATORS.get(operator);
  if (typeof key !== 'string' || key === '') return 'has an expression without a key';
  if (!known) return `has an expression for ${key} with an operator other than ${[...OPERATORS.keys()].join(', ')}`;
  if (texts.length !== listOf(values).length || texts.length > 0 !== known.takesValues) {
    return `has an expression for ${key} with ${known.takesValues ? 'no values to choose from' : 'values it has no use for'}`;
  }
  return (given) => known.holds(labelOf(given, key), texts);
}

function isAbsentOrObject(value: unknown): boolean {
  return isAbsent(value) || fieldsOf(value) === value;
}

function labelOf(labels: unknown, key: string): string | undefined {
  const value = fieldsOf(labels)[key];
  return typeof value === 'string' ? value : undefined;
}

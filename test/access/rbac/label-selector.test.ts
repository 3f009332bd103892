import { labelMatcher } from '../../../lib/access/rbac/label-selector';
import type { LabelSelector } from '../../../lib/access/rbac/rbac-objects';

type Operator = NonNullable<LabelSelector['matchExpressions']>[number]['operator'];

const where = (...parts: [key: string, operator: Operator, ...values: string[]][]): LabelSelector => ({
  matchExpressions: parts.map(([key, operator, ...values]) => ({ key, operator, values })),
});

function selects(selector: unknown, labels: unknown): boolean | string {
  const matches = labelMatcher(selector);
  return typeof matches === 'string' ? matches : matches(labels);
}

/** Apimachinery v0.35.4, pkg/labels/selector_test.go, TestRequirementSelectorMatching:557, without its own operators. */
test.each<[Record<string, string>, LabelSelector, boolean]>([
  [{ x: 'foo', y: 'baz' }, where(['x', 'In', 'foo'], ['y', 'NotIn', 'alpha']), true],
  [{ x: 'foo', y: 'baz' }, where(['x', 'In', 'foo'], ['y', 'In', 'alpha']), false],
  [{ y: '' }, where(['x', 'NotIn', ''], ['y', 'Exists']), true],
  [{ y: '' }, where(['x', 'DoesNotExist'], ['y', 'Exists']), true],
  [{ y: '' }, where(['x', 'NotIn', ''], ['y', 'DoesNotExist']), false],
  [{ y: 'baz' }, where(['x', 'In', '']), false],
])('TestRequirementSelectorMatching: %j by %j: %s', (labels, selector, selected) => {
  expect(selects(selector, labels)).toBe(selected);
});

/** The same file, TestSelectorMatches:114. */
test.each<[LabelSelector, Record<string, string>, boolean]>([
  [{}, { x: 'y' }, true],
  [{ matchLabels: { x: 'y' } }, { x: 'y' }, true],
  [{ matchLabels: { x: 'y', z: 'w' } }, { x: 'y', z: 'w' }, true],
  [where(['x', 'NotIn', 'y'], ['z', 'NotIn', 'w']), { x: 'z', z: 'a' }, true],
  [{ matchLabels: { notin: 'in' } }, { notin: 'in' }, true],
  [where(['x', 'Exists']), { x: 'z' }, true],
  [where(['x', 'DoesNotExist']), { y: 'z' }, true],
  [{ matchLabels: { x: 'z' } }, {}, false],
  [{ matchLabels: { x: 'y' } }, { x: 'z' }, false],
  [{ matchLabels: { x: 'y', z: 'w' } }, { x: 'w', z: 'w' }, false],
  [where(['x', 'NotIn', 'y'], ['z', 'NotIn', 'w']), { x: 'z', z: 'w' }, false],
  [where(['x', 'Exists']), { y: 'z' }, false],
  [where(['x', 'DoesNotExist']), { x: 'z' }, false],
  [{ matchLabels: { foo: 'bar' } }, { foo: 'bar', baz: 'blah' }, true],
  [{ matchLabels: { baz: 'blah' } }, { foo: 'bar', baz: 'blah' }, true],
  [{ matchLabels: { foo: 'bar', baz: 'blah' } }, { foo: 'bar', baz: 'blah' }, true],
  [{ matchLabels: { foo: 'blah' } }, { foo: 'bar', baz: 'blah' }, false],
  [{ matchLabels: { baz: 'bar' } }, { foo: 'bar', baz: 'blah' }, false],
  [{ matchLabels: { foo: 'bar', foobar: 'bar', baz: 'blah' } }, { foo: 'bar', baz: 'blah' }, false],
])('TestSelectorMatches: %j selects %j: %s', (selector, labels, selected) => {
  expect(selects(selector, labels)).toBe(selected);
});

/** The same file, TestRequirementConstructor:327, and pkg/apis/meta/v1/helpers_test.go, TestLabelSelectorAsSelector:31. */
test.each([
  ['x1', where(['x1', 'In']), 'has an expression for x1 with no values to choose from'],
  ['x2', where(['x2', 'NotIn']), 'has an expression for x2 with no values to choose from'],
  ['x3', where(['x3', 'In', 'foo']), false],
  ['x4', where(['x4', 'NotIn', 'foo']), true],
  ['x6', where(['x6', 'Exists']), false],
  ['x7', where(['x7', 'DoesNotExist']), true],
  ['x8', where(['x8', 'Exists', 'foo']), 'has an expression for x8 with values it has no use for'],
  ['baz', where(['baz', 'Exists', 'qux', 'norf']), 'has an expression for baz with values it has no use for'],
  [
    'x18',
    { matchExpressions: [{ key: 'x18', operator: 'unsupportedOp' }] },
    'has an expression for x18 with an operator other than In, NotIn, Exists, DoesNotExist',
  ],
])('TestRequirementConstructor: %s', (_, selector, found) => {
  expect(selects(selector, {})).toBe(found);
});

test.each([
  [5, 'is no label selector'],
  [[], 'is no label selector'],
  [{ matchLabels: { a: 1 } }, 'is no label selector'],
  [{ matchLabels: 'a' }, 'is no label selector'],
  [{ matchExpressions: {} }, 'is no label selector'],
  [{ matchExpressions: [null] }, 'has an expression without a key'],
  [null, true],
  [{ matchLabels: null, matchExpressions: null }, true],
])('%j %s', (selector, found) => {
  expect(selects(selector, { a: 'b' })).toBe(found);
});

test('a label that is no text is none, and neither is what every object inherits', () => {
  expect(selects(where(['a', 'Exists']), { a: null })).toBe(false);
  expect(selects(where(['constructor', 'Exists']), {})).toBe(false);
  expect(selects({}, undefined)).toBe(true);
});

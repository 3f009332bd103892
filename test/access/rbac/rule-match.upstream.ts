import { on, url } from './rules';
import type { PolicyRule } from '../../../lib/access/rbac/rbac-objects';

/**
 * The cases of TestRuleMatches in kubernetes v1.35.4, plugin/pkg/auth/authorizer/rbac/rbac_test.go, with their lines.
 * A request is `verb group resource[/subresource]`, or `verb /url`.
 */
export const MATCH_CASES: readonly (readonly [
  name: string,
  rule: PolicyRule,
  yes: readonly string[],
  no: readonly string[],
])[] = [
  [
    'star verb, exact match other:285',
    on('*', 'group1', 'resource1'),
    ['verb1 group1 resource1', 'verb2 group1 resource1'],
    [
      'verb1 group2 resource1',
      'verb1 group1 resource2',
      'verb1 group2 resource2',
      'verb2 group2 resource1',
      'verb2 group1 resource2',
      'verb2 group2 resource2',
    ],
  ],
  [
    'star group, exact match other:299',
    on('verb1', '*', 'resource1'),
    ['verb1 group1 resource1', 'verb1 group2 resource1'],
    [
      'verb1 group1 resource2',
      'verb1 group2 resource2',
      'verb2 group1 resource1',
      'verb2 group2 resource1',
      'verb2 group1 resource2',
      'verb2 group2 resource2',
    ],
  ],
  [
    'star resource, exact match other:313',
    on('verb1', 'group1', '*'),
    ['verb1 group1 resource1', 'verb1 group1 resource2'],
    [
      'verb1 group2 resource1',
      'verb1 group2 resource2',
      'verb2 group1 resource1',
      'verb2 group2 resource1',
      'verb2 group1 resource2',
      'verb2 group2 resource2',
    ],
  ],
  [
    'tuple expansion:327',
    on('verb1,verb2', 'group1,group2', 'resource1,resource2'),
    [
      'verb1 group1 resource1',
      'verb1 group2 resource1',
      'verb1 group1 resource2',
      'verb1 group2 resource2',
      'verb2 group1 resource1',
      'verb2 group2 resource1',
      'verb2 group1 resource2',
      'verb2 group2 resource2',
    ],
    [],
  ],
  [
    'subresource expansion:341',
    on('*', '*', 'resource1/subresource1'),
    ['verb1 group1 resource1/subresource1', 'verb2 group1 resource1/subresource1'],
    [
      'verb1 group2 resource1/subresource2',
      'verb1 group1 resource2/subresource1',
      'verb1 group2 resource2/subresource1',
      'verb2 group2 resource1/subresource2',
      'verb2 group1 resource2/subresource1',
      'verb2 group2 resource2/subresource1',
    ],
  ],
  [
    'star nonresource, exact match other:355',
    url('verb1', '*'),
    ['verb1 /foo', 'verb1 /foo/bar', 'verb1 /foo/baz', 'verb1 /foo/bar/one', 'verb1 /foo/baz/one'],
    ['verb2 /foo', 'verb2 /foo/bar', 'verb2 /foo/baz', 'verb2 /foo/bar/one', 'verb2 /foo/baz/one'],
  ],
  [
    'star nonresource subpath:371',
    url('verb1', '/foo/*'),
    ['verb1 /foo/bar', 'verb1 /foo/baz', 'verb1 /foo/bar/one', 'verb1 /foo/baz/one'],
    [
      'verb1 /foo',
      'verb1 /notfoo',
      'verb1 /notfoo/bar',
      'verb1 /notfoo/baz',
      'verb1 /notfoo/bar/one',
      'verb1 /notfoo/baz/one',
    ],
  ],
  [
    'star verb, exact nonresource:387',
    url('*', '/foo,/foo/bar/one'),
    ['verb1 /foo', 'verb1 /foo/bar/one', 'verb2 /foo', 'verb2 /foo/bar/one'],
    [
      'verb1 /foo/bar',
      'verb1 /foo/baz',
      'verb1 /foo/baz/one',
      'verb2 /foo/bar',
      'verb2 /foo/baz',
      'verb2 /foo/baz/one',
    ],
  ],
];

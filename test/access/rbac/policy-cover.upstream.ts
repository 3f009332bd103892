import { on, url } from './rules';
import type { PolicyRule } from '../../../lib/access/rbac/rbac-objects';

/** The cases of component-helpers v0.35.4, auth/rbac/validation/policy_comparator_test.go, with their lines. */
export const COVER_CASES: readonly (readonly [
  name: string,
  owner: readonly PolicyRule[],
  servant: readonly PolicyRule[],
  missing: readonly PolicyRule[],
])[] = [
  ['TestCoversExactMatch:34', [on('get', 'v1', 'builds')], [on('get', 'v1', 'builds')], []],
  ['TestCoversSubresourceWildcard:48', [on('get', 'v1', '*/scale')], [on('get', 'v1', 'foo/scale')], []],
  [
    'TestCoversMultipleRulesCoveringSingleRule:62',
    [on('delete', 'v1', 'deployments'), on('delete', 'v1', 'builds'), on('update', 'v1', 'builds,deployments')],
    [on('delete,update', 'v1', 'builds,deployments')],
    [],
  ],
  [
    'TestCoversMultipleAPIGroupsCoveringSingleRule:79',
    [
      on('delete', 'group1', 'deployments'),
      on('delete', 'group1', 'builds'),
      on('update', 'group1', 'builds,deployments'),
      on('delete', 'group2', 'deployments'),
      on('delete', 'group2', 'builds'),
      on('update', 'group2', 'builds,deployments'),
    ],
    [on('delete,update', 'group1,group2', 'builds,deployments')],
    [],
  ],
  [
    'TestCoversSingleAPIGroupsCoveringMultiple:99',
    [on('delete,update', 'group1,group2', 'builds,deployments')],
    [
      on('delete', 'group1', 'deployments'),
      on('delete', 'group1', 'builds'),
      on('update', 'group1', 'builds,deployments'),
      on('delete', 'group2', 'deployments'),
      on('delete', 'group2', 'builds'),
      on('update', 'group2', 'builds,deployments'),
    ],
    [],
  ],
  [
    'TestCoversMultipleRulesMissingSingleVerbResourceCombination:119',
    [on('delete,update', 'v1', 'builds,deployments'), on('delete', 'v1', 'pods')],
    [on('delete,update', 'v1', 'builds,deployments,pods')],
    [on('update', 'v1', 'pods')],
  ],
  ['TestCoversAPIGroupStarCoveringMultiple:136', [on('get', '*', 'roles')], [on('get', 'group1,group2', 'roles')], []],
  [
    'TestCoversEnumerationNotCoveringAPIGroupStar:150',
    [on('get', 'dummy-group', 'roles')],
    [on('get', '*', 'roles')],
    [on('get', '*', 'roles')],
  ],
  ['TestCoversAPIGroupStarCoveringStar:166', [on('get', '*', 'roles')], [on('get', '*', 'roles')], []],
  ['TestCoversVerbStarCoveringMultiple:180', [on('*', 'v1', 'roles')], [on('watch,list', 'v1', 'roles')], []],
  [
    'TestCoversEnumerationNotCoveringVerbStar:194',
    [on('get,list,watch,create,update,delete,exec', 'v1', 'roles')],
    [on('*', 'v1', 'roles')],
    [on('*', 'v1', 'roles')],
  ],
  ['TestCoversVerbStarCoveringStar:210', [on('*', 'v1', 'roles')], [on('*', 'v1', 'roles')], []],
  [
    'TestCoversResourceStarCoveringMultiple:224',
    [on('get', 'v1', '*')],
    [on('get', 'v1', 'resourcegroup:deployments')],
    [],
  ],
  [
    'TestCoversEnumerationNotCoveringResourceStar:238',
    [on('get', 'v1', 'roles,resourcegroup:deployments')],
    [on('get', 'v1', '*')],
    [on('get', 'v1', '*')],
  ],
  ['TestCoversResourceStarCoveringStar:254', [on('get', 'v1', '*')], [on('get', 'v1', '*')], []],
  [
    'TestCoversResourceNameEmptyCoveringMultiple:268',
    [{ ...on('get', 'v1', 'pods'), resourceNames: [] }],
    [on('get', 'v1', 'pods', 'foo,bar')],
    [],
  ],
  [
    'TestCoversEnumerationNotCoveringResourceNameEmpty:282',
    [on('get', 'v1', 'pods', 'foo,bar')],
    [{ ...on('get', 'v1', 'pods'), resourceNames: [] }],
    [on('get', 'v1', 'pods')],
  ],
  ['TestCoversNonResourceURLs:298', [url('*', '/apis')], [url('*', '/apis')], []],
  ['TestCoversNonResourceURLsStar:312', [url('*', '*')], [url('*', '/apis,/apis/v1,/')], []],
  [
    'TestCoversNonResourceURLsStarAfterPrefixDoesntCover:326',
    [url('*', '/apis/*')],
    [url('get', '/apis,/apis/v1')],
    [url('get', '/apis')],
  ],
  ['TestCoversNonResourceURLsStarAfterPrefix:342', [url('*', '/apis/*')], [url('get', '/apis/v1/foo,/apis/v1')], []],
  [
    'TestCoversNonResourceURLsWithOtherFields:356',
    [{ ...on('get', 'v1', 'builds'), nonResourceURLs: ['/apis'] }],
    [{ ...on('get', 'v1', 'builds'), nonResourceURLs: ['/apis'] }],
    [],
  ],
  [
    'TestCoversNonResourceURLsWithOtherFieldsFailure:370',
    [on('get', 'v1', 'builds')],
    [{ ...on('get', 'v1', 'builds'), nonResourceURLs: ['/apis'] }],
    [url('get', '/apis')],
  ],
];

/** TestNonResourceURLCovers:418 of the same file. */
export const URL_CASES: readonly (readonly [owner: string, requested: string, covered: boolean])[] = [
  ['*', '', true],
  ['*', '/', true],
  ['*', '/api', true],
  ['/*', '', false],
  ['/*', '/', true],
  ['/*', '/foo', true],
  ['/api', '/api', true],
  ['/apis', '/api', false],
  ['/api/v1', '/api', false],
  ['/api/v1', '/api/v1', true],
  ['/api/*', '/api/v1', true],
  ['/api/*', '/api', false],
  ['/api/*/*', '/api/v1', false],
  ['/*/v1/*', '/api/v1', false],
];

/** The cases of kubernetes v1.35.4, pkg/registry/rbac/validation/policy_compact_test.go, TestCompactRules. */
export const COMPACT_CASES: readonly (readonly [
  name: string,
  rules: readonly PolicyRule[],
  compact: readonly PolicyRule[],
])[] = [
  ['empty:34', [], []],
  [
    'simple:38',
    [
      on('get', '', 'builds'),
      on('list', '', 'builds'),
      on('update,patch', '', 'builds'),
      on('create', 'extensions', 'daemonsets'),
      on('delete', 'extensions', 'daemonsets'),
      on('patch', 'extensions', 'daemonsets', ''),
      on('get', 'extensions', 'daemonsets', 'foo'),
      on('list', 'extensions', 'daemonsets', 'foo'),
      on('educate', '', 'dolphins'),
      { verbs: [], apiGroups: [''], resources: ['pirates'] },
      { verbs: [], apiGroups: [''], resources: ['pods'] },
      on('create', '', 'pods'),
    ],
    [
      on('create,delete', 'extensions', 'daemonsets'),
      on('patch', 'extensions', 'daemonsets', ''),
      on('get,list', 'extensions', 'daemonsets', 'foo'),
      on('get,list,update,patch', '', 'builds'),
      on('educate', '', 'dolphins'),
      { verbs: [], apiGroups: [''], resources: ['pirates'] },
      on('create', '', 'pods'),
    ],
  ],
  [
    'complex multi-group:70',
    [on('get', ',builds.openshift.io', 'builds'), on('list', ',builds.openshift.io', 'builds')],
    [on('get', ',builds.openshift.io', 'builds'), on('list', ',builds.openshift.io', 'builds')],
  ],
  [
    'complex multi-resource:81',
    [on('get', '', 'builds,images'), on('list', '', 'builds,images')],
    [on('get', '', 'builds,images'), on('list', '', 'builds,images')],
  ],
  [
    'complex named-resource:92',
    [on('get', '', 'builds', 'mybuild'), on('list', '', 'builds', 'mybuild2')],
    [on('get', '', 'builds', 'mybuild'), on('list', '', 'builds', 'mybuild2')],
  ],
  [
    'complex non-resource:103',
    [
      { ...on('get', '', 'builds'), nonResourceURLs: ['/'] },
      { ...on('get', '', 'builds'), nonResourceURLs: ['/foo'] },
    ],
    [
      { ...on('get', '', 'builds'), nonResourceURLs: ['/'] },
      { ...on('get', '', 'builds'), nonResourceURLs: ['/foo'] },
    ],
  ],
];

/** TestIsSimpleResourceRule of the same file. */
export const SIMPLE_CASES: readonly (readonly [name: string, rule: PolicyRule, simple: boolean])[] = [
  ['simple, no verbs:154', { verbs: [], apiGroups: [''], resources: ['builds'] }, true],
  ['simple, one verb:159', on('get', '', 'builds'), true],
  ['simple, one empty resource name:164', on('get', '', 'builds', ''), true],
  ['simple, one resource name:169', on('get', '', 'builds', 'foo'), true],
  ['simple, multi verb:174', on('get,list', '', 'builds'), true],
  ['complex, empty:180', { verbs: [] }, false],
  ['complex, no group:185', { verbs: ['get'], apiGroups: [], resources: ['builds'] }, false],
  ['complex, multi group:190', on('get', 'a,b', 'builds'), false],
  ['complex, no resource:195', { verbs: ['get'], apiGroups: [''], resources: [] }, false],
  ['complex, multi resource:200', on('get', '', 'builds,images'), false],
  ['complex, resource names:205', on('get', '', 'builds', 'foo,bar'), false],
  ['complex, non-resource urls:210', { ...on('get', '', 'builds'), nonResourceURLs: ['/'] }, false],
];

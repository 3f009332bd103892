import { readEntries } from '../../../lib/access/migration/entries-file';

const OPS = 'arn:aws:iam::111122223333:role/team/Ops';
const NODES = 'arn:aws:iam::111122223333:role/Nodes';

const DESCRIBED = {
  accessEntry: {
    clusterName: 'prod',
    principalArn: OPS,
    kubernetesGroups: ['ops'],
    accessEntryArn: 'arn:aws:eks:eu-west-1:111122223333:access-entry/prod/role/111122223333/Ops/1',
    username: 'ops:{{SessionName}}',
    type: 'STANDARD',
  },
};
const POLICIES = {
  clusterName: 'prod',
  principalArn: OPS,
  associatedAccessPolicies: [
    {
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
      accessScope: { type: 'cluster', namespaces: [] },
    },
    {
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy',
      accessScope: { type: 'namespace', namespaces: ['shop'] },
    },
  ],
};
const LIST = { accessEntries: [OPS, NODES] };
const WHOLE = {
  principalArn: OPS,
  type: 'STANDARD',
  username: 'ops:{{SessionName}}',
  groups: ['ops'],
  policies: [{ policy: 'AmazonEKSViewPolicy' }, { policy: 'AmazonEKSEditPolicy', namespaces: ['shop'] }],
};

test.each<[string, string, object[]]>([
  ['a list of entries has their ARNs', JSON.stringify(LIST), [{ principalArn: OPS }, { principalArn: NODES }]],
  ['an empty list has none', '{ "accessEntries": [] }', []],
  ['a described entry has its groups, name and type', JSON.stringify(DESCRIBED), [{ ...WHOLE, policies: undefined }]],
  [
    'answers one behind the other are put together',
    [LIST, DESCRIBED, POLICIES].map((each) => JSON.stringify(each, null, 2)).join('\n'),
    [WHOLE, { principalArn: NODES }],
  ],
  ['answers in a list too', JSON.stringify([DESCRIBED, POLICIES, [NODES]]), [WHOLE, { principalArn: NODES }]],
  [
    'brackets in a text mislead nobody',
    `{"accessEntry":{"principalArn":"${NODES}","username":"]}\\"["}}`,
    [{ principalArn: NODES, username: ']}"[' }],
  ],
])('%s', (_, text, entries) => {
  expect(readEntries(text)).toEqual({ entries, problems: [] });
});

const SAVED = 'save it with `aws eks list-access-entries --cluster-name <name> --output json`';

test.each<[string, string, string[]]>([
  ['nothing', ' \n', [`\`line 1\` must be JSON, got nothing; ${SAVED}`]],
  ['a table of the CLI', 'ACCESSENTRIES\tarn', [`\`line 1\` must be JSON, got "ACCESSENTRIES"; ${SAVED}`]],
  [
    'JSON that breaks off',
    `${JSON.stringify(LIST)}\n{ "accessEntries": [`,
    [`\`line 2\` must be JSON, got "{ \\"accessEntries\\": ["; ${SAVED}`],
  ],
  ['a bracket too many', '{}}', [`\`line 1\` must be JSON, got "}"; ${SAVED}`]],
  [
    'another answer',
    '{ "cluster": {} }',
    [`\`accessEntries\` must be given: the answer of EKS about access entries has it, got ["cluster"]; ${SAVED}`],
  ],
  [
    'entries that are no list',
    '{ "accessEntries": 1 }',
    [`\`accessEntries\` must be given: the answer of EKS about access entries has it, got 1; ${SAVED}`],
  ],
  ['a number', '1', [`\`accessEntries\` must be an answer of EKS about access entries, got 1; ${SAVED}`]],
  [
    'what is no ARN',
    '{ "accessEntries": ["Ops", 2] }\n{ "accessEntry": {} }',
    [
      `\`[0].accessEntries[0]\` must be the ARN of a role or user, got "Ops"; ${SAVED}`,
      `\`[0].accessEntries[1]\` must be an answer of EKS about access entries, got 2; ${SAVED}`,
      `\`[1].accessEntry.principalArn\` must be the ARN of a role or user, got nothing; ${SAVED}`,
    ],
  ],
  [
    'a part of the list',
    `{ "accessEntries": ["${OPS}"], "NextToken": "abc" }`,
    ['`nextToken` must not be there: the list goes on, got "abc"; list without --max-items'],
  ],
])('%s is a problem', (_, text, problems) => {
  expect(readEntries(text).problems).toEqual(problems);
});

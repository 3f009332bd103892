import { readAwsAuth } from '../../../lib/access/migration/aws-auth-file';

const LINES = '- rolearn: arn:aws:iam::111122223333:role/Ops\n  username: ops\n  groups: [system:masters]\n';

function configMap(data: object, metadata: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system', ...metadata },
    data,
  });
}

const YAML = `apiVersion: v1
data:
  mapAccounts: |
    - "222233334444"
  mapRoles: |
    # eksctl wrote this
    - rolearn: arn:aws:iam::111122223333:role/Ops
      username: ops
      groups: [system:masters]
    - username: nobody
  mapUsers: |
    - userarn: arn:aws:iam::111122223333:user/mei
      username: mei
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
`;

describe('the ConfigMap as kubectl prints it', () => {
  test('has its texts as they stand and its lines, those too that count for nothing', () => {
    const { texts, lines, problems } = readAwsAuth(YAML);
    expect(problems).toEqual([]);
    expect(texts.mapRoles).toContain('# eksctl wrote this\n');
    expect(lines).toEqual([
      {
        text: 'mapRoles',
        index: 0,
        line: { arn: 'arn:aws:iam::111122223333:role/Ops', username: 'ops', groups: ['system:masters'] },
        flaws: [],
      },
      { text: 'mapRoles', index: 1, flaws: ['has no rolearn'] },
      {
        text: 'mapUsers',
        index: 0,
        line: { arn: 'arn:aws:iam::111122223333:user/mei', username: 'mei', groups: [] },
        flaws: [],
      },
      { text: 'mapAccounts', index: 0, account: '222233334444', flaws: [] },
    ]);
  });

  test.each<[string, string]>([
    ['as JSON', configMap({ mapRoles: LINES })],
    [
      'in a list',
      JSON.stringify({ kind: 'List', items: [{ kind: 'Secret' }, JSON.parse(configMap({ mapRoles: LINES }))] }),
    ],
    ['among other maps', `kind: ConfigMap\nmetadata: { name: coredns }\n---\n${configMap({ mapRoles: LINES })}`],
    ['without a namespace', configMap({ mapRoles: LINES }, { namespace: undefined })],
    ['with Windows line breaks', YAML.replaceAll('\n', '\r\n')],
    ['its data alone', JSON.stringify({ mapRoles: LINES })],
    ['with an emptied text', configMap({ mapRoles: LINES, mapUsers: null, mapAccounts: '' })],
    ['with a key of somebody else', configMap({ mapRoles: LINES, note: 'ours' })],
  ])('%s', (_, text) => {
    const { lines, problems } = readAwsAuth(text);
    expect(problems).toEqual([]);
    expect(lines[0]?.line?.arn).toBe('arn:aws:iam::111122223333:role/Ops');
  });

  test('may be empty', () => {
    const { apiVersion, kind, metadata } = JSON.parse(configMap({})) as Record<string, unknown>;
    expect(readAwsAuth(JSON.stringify({ apiVersion, kind, metadata }))).toEqual({ texts: {}, lines: [], problems: [] });
  });
});

test.each<[string, string, string[]]>([
  [
    'a text that is no YAML',
    'kind: ConfigMap\ndata:\n  mapRoles: |\n  - rolearn: {\n',
    [
      '`line 4` must be YAML: A block sequence may not be used as an implicit map key, got "- rolearn: {"; as `kubectl get configmap aws-auth -n kube-system -o yaml` prints it',
    ],
  ],
  [
    'nothing',
    '',
    [
      '`kind` must be ConfigMap, got nothing; give the file what `kubectl get configmap aws-auth -n kube-system -o yaml` prints',
    ],
  ],
  [
    'another kind',
    'kind: Secret\n',
    [
      '`kind` must be ConfigMap, got "Secret"; give the file what `kubectl get configmap aws-auth -n kube-system -o yaml` prints',
    ],
  ],
  [
    'what is no manifest',
    '{"accessEntries": []}',
    [
      '`kind` must be ConfigMap, got ["accessEntries"]; give the file what `kubectl get configmap aws-auth -n kube-system -o yaml` prints',
    ],
  ],
  [
    'another map',
    configMap({}, { name: 'coredns' }),
    [
      '`metadata.name` must be aws-auth, got "coredns"; as `kubectl get configmap aws-auth -n kube-system -o yaml` prints it',
    ],
  ],
  [
    'a map in another namespace',
    configMap({}, { namespace: 'default' }),
    ['`metadata.namespace` must be kube-system: EKS reads no other aws-auth, got "default"'],
  ],
  [
    'two of them',
    `${configMap({})}\n---\n${configMap({})}`,
    ['`metadata.name` must be there once in the file, got "aws-auth"'],
  ],
  [
    'data that is a text',
    configMap('mapRoles' as unknown as object),
    ['`data` must be a map of texts, got "mapRoles"'],
  ],
  [
    'lines without the |',
    configMap({ mapRoles: [{ rolearn: 'x' }] }),
    [
      '`data.mapRoles` must be a text: EKS takes no list or map of YAML itself, got [{"rolearn":"x"}]; write `mapRoles: |` and the lines below it',
    ],
  ],
  [
    'lines without the | in the data alone',
    'mapRoles: []\n',
    [
      '`mapRoles` must be a text: EKS takes no list or map of YAML itself, got []; write `mapRoles: |` and the lines below it',
    ],
  ],
  [
    'a key in another case',
    configMap({ maproles: LINES }),
    ['`data.maproles` must be written mapRoles: EKS reads no other, got "maproles"'],
  ],
  [
    'a text that is no YAML itself',
    configMap({ mapRoles: '- {', mapUsers: 'mei' }),
    [
      '`data.mapRoles` must be lines in YAML, and it is not valid YAML in line 1: Flow map in block collection must be sufficiently indented and end with a }, got "- {"; nobody in it gets in until it is mended',
      '`data.mapUsers` must be lines in YAML, and it is not a list, got "mei"; nobody in it gets in until it is mended',
    ],
  ],
  [
    'what is nested by the thousands',
    '['.repeat(20_000),
    [
      expect.stringMatching(
        /^`line 1` must be YAML: nested too deep, got "\[+…; as `kubectl get configmap aws-auth -n kube-system -o yaml` prints it$/,
      ) as string,
    ],
  ],
  [
    'what grows without end',
    `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghi'.replace(
      /./g,
      (each, at: number) =>
        `${each}: &${each} [${Array(9)
          .fill(`*${'abcdefgh'[at] ?? ''}`)
          .join(', ')}]\n`,
    )}`,
    [
      '`line 1` must be YAML: Excessive alias count indicates a resource exhaustion attack, got "a: &a [x, x, x, x, x, x, x, x, x]"; as `kubectl get configmap aws-auth -n kube-system -o yaml` prints it',
    ],
  ],
])('%s is a problem', (_, text, problems) => {
  const read = readAwsAuth(text);
  expect(read.problems).toEqual(problems);
});

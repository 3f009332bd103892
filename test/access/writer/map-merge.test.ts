import fc from 'fast-check';
import { parse } from 'yaml';
import { mergeEntries, type MapEntry } from '../../../lib/access/writer/map-merge';

const deployers: MapEntry = {
  arn: 'arn:aws:iam::111122223333:role/Deployers',
  username: 'deployers:{{SessionName}}',
  groups: ['deployers'],
};
const readers: MapEntry = {
  arn: 'arn:aws:iam::111122223333:role/Readers',
  username: 'readers',
  groups: ['readers', 'guests'],
};

const NODES = `- rolearn: arn:aws:iam::111122223333:role/NodeRole
  username: system:node:{{EC2PrivateDNSName}}
  groups:
    - system:bootstrappers
    - system:nodes
`;

/** Every way the value is found in the wild. */
const STYLES: readonly (readonly [string, string | undefined])[] = [
  ['an absent key', undefined],
  ['an empty value', ''],
  ['an empty list', '[]'],
  ['an empty list with a line break', '[]\n'],
  ['comments only', '# managed by hand\n'],
  ["EKS's node lines", NODES],
  ['no last line break', NODES.trimEnd()],
  ['an indented list', NODES.replace(/^/gm, '  ').trimEnd() + '\n'],
  ['Windows line breaks', NODES.replace(/\n/g, '\r\n')],
  [
    "JSON as the CDK's AwsAuth writes it",
    '[{"rolearn":"arn:aws:iam::111122223333:role/NodeRole","username":"x","groups":["system:nodes"]}]',
  ],
  [
    'JSON over several lines',
    '[\n  {"rolearn": "arn:aws:iam::111122223333:role/A", "groups": []},\n  {"rolearn": "arn:aws:iam::111122223333:role/B"}\n]\n',
  ],
  [
    'comments between and behind',
    `# people\n${NODES}# - rolearn: old\n- rolearn: 'arn:aws:iam::111122223333:role/Ops' # on call\n  groups: [ops]\n  username: "ops"\n# the end\n`,
  ],
];

describe.each(STYLES)('aws-auth found as %s', (_, text) => {
  const original = text ?? '';

  test('an entry added is there, behind what others wrote', () => {
    const merged = mergeEntries(text, 'rolearn', [], [deployers]);
    expect(parse(merged)).toEqual([
      ...((parse(original) as unknown[] | null) ?? []),
      { rolearn: deployers.arn, username: deployers.username, groups: ['deployers'] },
    ]);
  });

  test('merging twice changes nothing', () => {
    const once = mergeEntries(text, 'rolearn', [], [deployers, readers]);
    expect(mergeEntries(once, 'rolearn', [deployers, readers], [deployers, readers])).toBe(once);
  });

  test('taking our entries out restores every byte', () => {
    const merged = mergeEntries(text, 'rolearn', [], [deployers, readers]);
    const one = mergeEntries(merged, 'rolearn', [deployers, readers], [readers]);
    expect(parse(one)).toHaveLength((parse(merged) as unknown[]).length - 1);
    expect(mergeEntries(one, 'rolearn', [readers], [])).toBe(original);
  });

  test('a changed entry changes in its place', () => {
    const merged = mergeEntries(text, 'rolearn', [], [deployers, readers]);
    const changed = { ...deployers, groups: ['deployers', 'releases'] };
    const after = mergeEntries(merged, 'rolearn', [deployers, readers], [changed, readers]);
    expect(
      (parse(after) as { rolearn: string; groups: string[] }[]).find(({ rolearn }) => rolearn === deployers.arn)
        ?.groups,
    ).toEqual(changed.groups);
    expect(mergeEntries(after, 'rolearn', [changed, readers], [])).toBe(original);
  });
});

test('the text of a block entry is plain YAML', () => {
  expect(mergeEntries(NODES, 'rolearn', [], [deployers]))
    .toBe(`${NODES}- rolearn: arn:aws:iam::111122223333:role/Deployers
  username: deployers:{{SessionName}}
  groups:
    - deployers
`);
});

test("a stranger's line for the same role stays, and ours goes behind it because the last one wins", () => {
  const theirs = `- rolearn: ${deployers.arn.toUpperCase()}\n  groups: [theirs]\n`;
  const merged = mergeEntries(theirs, 'rolearn', [], [deployers]);
  expect(merged.startsWith(theirs)).toBe(true);
  expect(mergeEntries(merged, 'rolearn', [deployers], [])).toBe(theirs);
});

test('an entry of ours that somebody edited is set back', () => {
  const merged = mergeEntries(NODES, 'rolearn', [], [deployers]);
  const edited = merged.replace('- deployers\n', '- system:masters\n');
  expect(mergeEntries(edited, 'rolearn', [deployers], [deployers])).toBe(merged);
});

test('users are told apart by their ARN too', () => {
  const user = { arn: 'arn:aws:iam::111122223333:user/ops/Mei', username: 'mei', groups: ['ops'] };
  const merged = mergeEntries(undefined, 'userarn', [], [user]);
  expect(parse(merged)).toEqual([{ userarn: user.arn, username: 'mei', groups: ['ops'] }]);
  expect(mergeEntries(merged, 'userarn', [user], [])).toBe('');
});

test.each([
  [
    '- rolearn: [',
    'mapRoles in aws-auth is not valid YAML (line 1); nothing was changed. Repair it with kubectl, then deploy again',
  ],
  ['rolearn: x', 'mapRoles in aws-auth is not a list; nothing was changed. Repair it with kubectl, then deploy again'],
  ['null', 'mapRoles in aws-auth is not a list; nothing was changed. Repair it with kubectl, then deploy again'],
])('refuses %j and says why', (text, message) => {
  expect(() => mergeEntries(text, 'rolearn', [], [deployers])).toThrow(message);
});

describe('for any map and any entries', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9+=,.@-]{1,12}$/);
  const entry = fc.record({
    arn: name.map((role) => `arn:aws:iam::111122223333:role/${role}`),
    username: fc.string({ minLength: 1, maxLength: 12 }),
    groups: fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 3 }),
  });
  const entries = fc.uniqueArray(entry, { selector: ({ arn }) => arn.toLowerCase(), maxLength: 5 });
  const style = fc.constantFrom(...STYLES.map(([, text]) => text ?? ''));

  test('merge then remove restores every byte, and merging twice is merging once', () => {
    fc.assert(
      fc.property(style, entries, entries, (text, first, second) => {
        const one = mergeEntries(text, 'rolearn', [], first);
        expect(mergeEntries(one, 'rolearn', first, first)).toBe(one);
        const two = mergeEntries(one, 'rolearn', first, second);
        expect(mergeEntries(two, 'rolearn', second, second)).toBe(two);
        expect(mergeEntries(two, 'rolearn', second, [])).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

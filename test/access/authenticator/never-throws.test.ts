import fc from 'fast-check';
import type { Access } from '../../../lib/access/access';
import { mapIdentity } from '../../../lib/access/authenticator/map-identity';

const ARN = 'arn:aws:iam::111122223333:role/Dev';
const MODES = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'] as const;

/** Text that looks like YAML and aws-auth often enough to get past the first check. */
const scraps = fc
  .array(
    fc.constantFrom(
      ...[
        '- ',
        '\n',
        '\n  ',
        '\n    ',
        ': ',
        ' ',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        '#',
        '&a ',
        '*a',
        '<<',
        '? ',
        '|\n',
      ],
      ...[
        '>-\n',
        '!!str ',
        '!!int ',
        '!x ',
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '\t',
        '\r\n',
        '@',
        '`',
        '\ufeff',
        '\u0085',
      ],
      ...[
        'rolearn',
        'userarn',
        'username',
        'groups',
        'sso',
        ARN,
        '{{SessionName}}',
        '{{EC2PrivateDNSName}}',
        '~',
        '.nan',
      ],
      ...['0123', 'yes', '1e999', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\u0000', '\ud800', '💥'],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

const json = fc.jsonValue().map((value) => JSON.stringify(value));
const lines = fc
  .array(fc.dictionary(fc.constantFrom('rolearn', 'userarn', 'username', 'groups', 'sso', '__proto__'), fc.jsonValue()))
  .map((value) => JSON.stringify(value));
const text = fc.oneof(scraps, json, lines, fc.string({ unit: 'binary' }), fc.anything() as fc.Arbitrary<string>);

const arn = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      fc.constantFrom('arn', 'ARN', ''),
      fc.constantFrom('aws', 'aws-cn', '__proto__', ''),
      fc.constantFrom('iam', 'sts', 'constructor'),
      fc.constantFrom('', 'eu-west-1'),
      fc.constantFrom('111122223333', '', '{{AccountID}}'),
      fc.oneof(
        fc.constantFrom('role', 'user', 'root', 'assumed-role', 'assumed-role/Dev/', 'role/', 'federated-user'),
        fc.string().map((name) => `assumed-role/Dev/${name}`),
        fc.string().map((name) => `user/${name}`),
      ),
    )
    .map((parts) => parts.join(':')),
);

const entry = fc.record(
  {
    principalArn: arn,
    type: fc.constantFrom('STANDARD', 'EC2_LINUX', 'FARGATE_LINUX', '__proto__', 'constructor', ''),
    username: scraps,
    groups: fc.array(scraps, { maxLength: 3 }),
    policies: fc.array(fc.record({ policy: fc.string() }), { maxLength: 2 }),
  },
  { requiredKeys: ['principalArn', 'type'] },
);

const access: fc.Arbitrary<Access> = fc.record(
  {
    mode: fc.constantFrom(...MODES),
    partition: fc.constant('aws'),
    account: fc.constant('111122223333'),
    entries: fc.array(entry, { maxLength: 4 }),
    awsAuth: fc.record({ mapRoles: text, mapUsers: text, mapAccounts: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ['mode', 'partition', 'account', 'entries'] },
);

test('whatever a caller and a cluster hold, there is an answer', () => {
  fc.assert(
    fc.property(arn, access, (caller, given) => {
      const answer = mapIdentity(caller, given);
      if (!answer.mapped) {
        expect(answer.detail).not.toBe('');
        return;
      }
      expect(answer.groups.indexOf('system:authenticated')).toBe(answer.groups.length - 1);
      expect(answer.groups.every((group) => typeof group === 'string')).toBe(true);
      expect(typeof answer.username).toBe('string');
    }),
    { numRuns: 500 },
  );
});

test.each([undefined, null, 5, {}, [], Symbol.iterator])('a caller that is no text is nobody: %p', (caller) => {
  const given: Access = { mode: 'API', partition: 'aws', account: '111122223333', entries: [] };
  expect(mapIdentity(caller as unknown as string, given)).toMatchObject({ reason: 'not-an-arn' });
});

const bomb = (levels: number, width: number): string =>
  [...Array(levels).keys()]
    .map((level) => `- &a${level} [${Array(width).fill(level === 0 ? 'x' : `*a${level - 1}`)}]`)
    .join('\n');

describe('a text made to hurt is refused before it does', () => {
  test.each([
    ['lists in flow style', '['.repeat(10_000)],
    ['mappings in flow style', '{'.repeat(10_000)],
    ['lists on one line', '- '.repeat(10_000)],
    ['lists line by line', [...Array(2000).keys()].map((depth) => `${' '.repeat(depth)}-`).join('\n')],
    ['mappings line by line', [...Array(2000).keys()].map((depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['keys without an end', '? '.repeat(10_000)],
    ['aliases that multiply', bomb(30, 10)],
    ['aliases in a long chain', bomb(5000, 1)],
    ['errors in plenty', `[${','.repeat(10_000)}`],
  ])('%s', (_, mapRoles) => {
    const given: Access = { mode: 'CONFIG_MAP', partition: 'aws', account: '1', entries: [], awsAuth: { mapRoles } };
    expect(mapIdentity(ARN, given)).toMatchObject({ mapped: false, reason: 'invalid-config-map' });
  });
});

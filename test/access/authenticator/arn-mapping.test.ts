import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Access } from '../../../lib/access/access';
import { canonicalArn } from '../../../lib/access/authenticator/canonical-arn';
import { mapIdentity } from '../../../lib/access/authenticator/map-identity';
import { withoutRolePath } from '../../../lib/access/principal';

interface Row {
  readonly mapper: string;
  readonly caller: string;
  readonly canonical: string;
  readonly mapping: string;
  readonly matches: boolean;
  readonly source: string;
}

/** One line of the table; a field in quotes has its quotes doubled. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
}

const ROWS: Row[] = readFileSync(path.join(__dirname, 'arn-mapping.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [mapper = '', caller = '', canonical = '', mapping = '', matches, source = ''] = fields(line);
    return { mapper, caller, canonical, mapping, matches: matches === 'yes', source };
  });

const tested = new Set<Row>();

function rows(choose: (row: Row) => boolean): [string, Row][] {
  const chosen = ROWS.filter(choose);
  for (const row of chosen) tested.add(row);
  return chosen.map((row) => [`${row.source}: ${row.caller} by ${row.mapping}`, row]);
}

const hasSso = ({ mapping }: Row): boolean => mapping.startsWith('sso{');
const of =
  (...mappers: string[]) =>
  (row: Row): boolean =>
    mappers.includes(row.mapper);

const ACCESS: Access = { mode: 'API_AND_CONFIG_MAP', partition: 'aws', account: '111122223333', entries: [] };
const awsAuth = (texts: NonNullable<Access['awsAuth']>): Access => ({ ...ACCESS, awsAuth: texts });

/** The mapping as the one line of aws-auth, a role in mapRoles and anyone else in mapUsers. */
function asLine(arn: string): Access {
  return /:role\//.test(arn)
    ? awsAuth({ mapRoles: JSON.stringify([{ rolearn: arn, username: 'x' }]) })
    : awsAuth({ mapUsers: JSON.stringify([{ userarn: arn, username: 'x' }]) });
}

const asEntry = (principalArn: string): Access => ({ ...ACCESS, entries: [{ principalArn, type: 'STANDARD' }] });

/** A matcher of permission sets as YAML writes it. */
function asSso(mapping: string): Access {
  const matcher = mapping.replace('sso{', '').replace('}', '').split(',');
  const sso = Object.fromEntries(matcher.map((pair) => pair.split(':')));
  return awsAuth({ mapRoles: JSON.stringify([{ sso, username: 'x' }]) });
}

describe('the canonical ARN', () => {
  test.each(rows(of('canonicalize')))('%s', (_, { caller, canonical, mapping, matches }) => {
    expect(canonicalArn(caller)?.arn ?? '(error)').toBe(canonical);
    expect(mapIdentity(caller, asLine(mapping)).mapped).toBe(matches);
  });

  // the rows of `nic` and `borg` ask a mapper alone; such a caller never gets as far
  const arns = ROWS.filter(({ caller, mapper }) => caller.startsWith('arn:') && /^(?!arnlike|strip)/.test(mapper));
  test.each(arns.map((row) => [`${row.source}: ${row.caller}`, row] as const))(
    'of a row of mapping: %s',
    (_, { caller, canonical }) => {
      expect(canonicalArn(caller)?.arn ?? '(error)').toBe(canonical);
    },
  );
});

describe('without the path of a role', () => {
  test.each(rows(of('strippath')))('%s', (_, { caller, mapping, matches }) => {
    expect(withoutRolePath(caller) === mapping).toBe(matches);
  });
});

describe('a line of aws-auth', () => {
  const modelled = of('mapping.Matches', 'configmap', 'server+file');
  test.each(rows((row) => modelled(row) && !hasSso(row)))('%s', (_, { caller, mapping, matches }) => {
    expect(mapIdentity(caller, asLine(mapping)).mapped).toBe(matches);
  });

  test.each(rows(of('server+mapAccounts')))('%s', (_, { caller, canonical, mapping, matches }) => {
    const account = mapping.replace('account ', '');
    const identity = mapIdentity(caller, awsAuth({ mapAccounts: `- "${account}"` }));
    expect(identity.mapped).toBe(matches);
    expect(identity).toMatchObject({ username: canonical, groups: ['system:authenticated'] });
  });
});

describe('an access entry', () => {
  const noIds = (row: Row): boolean => /empty userarn|deleted role/.test(row.mapping);
  const strict = of('dynamicfile', 'dynamicfile(userIDStrict)');
  test.each(rows((row) => strict(row) && !noIds(row)))('%s', (_, { caller, mapping, matches }) => {
    expect(mapIdentity(caller, asEntry(mapping)).mapped).toBe(matches);
  });

  // EKS compares the unique ids that IAM gives, too, and nothing here knows one
  test.each(rows((row) => strict(row) && noIds(row)))('knows no unique id, only the ARN: %s', (_, row) => {
    const [arn = ''] = row.mapping.split(' (');
    expect(mapIdentity(row.caller, asEntry(arn)).mapped).toBe(arn === row.canonical);
  });
});

describe('what EKS makes in aws-auth of a mapping for something it does not run', () => {
  // the wildcards of ArnLike serve only the matcher of permission sets; in a rolearn they are letters like any
  test.each(rows(of('arnlike')))('a wildcard is only a letter: %s', (_, { caller, mapping }) => {
    expect(mapIdentity(caller, asLine(mapping)).mapped).toBe(false);
    expect(mapIdentity(caller, asEntry(mapping)).mapped).toBe(false);
  });

  // the feature gate SSORoleMatch is alpha and off; so a valid matcher matches as little as an invalid one
  test.each(rows(hasSso))('sso never matches: %s', (_, row) => {
    const somebody = 'arn:aws:sts::012345678912:assumed-role/AWSReservedSSO_ViewOnlyAccess_0123456789abcdef/mei';
    const caller = row.caller === '(any)' ? somebody : row.caller;
    expect(mapIdentity(caller, asSso(row.mapping))).toMatchObject({ mapped: false, reason: 'no-mapping' });
  });

  test.each(rows((row) => row.mapper === 'mapping.Validate' && row.mapping.includes('""')))(
    'a line without an ARN is dropped: %s',
    (_, { mapping, matches }) => {
      const [key = ''] = mapping.split(':');
      const text = `- ${key}: ""\n  username: x\n`;
      const caller = 'arn:aws:sts::012345678912:assumed-role/Dev/mei';
      const access = awsAuth(key === 'rolearn' ? { mapRoles: text } : { mapUsers: text });
      expect(mapIdentity(caller, access).mapped).toBe(matches);
    },
  );

  // the file mapper takes the ARN of a session for its role, the one of the ConfigMap compares letters
  test.each(rows((row) => row.mapper === 'file' && !hasSso(row)))('no session in a line: %s', (_, row) => {
    const session = row.mapping.includes(':assumed-role/');
    expect(mapIdentity(row.caller, asLine(row.mapping)).mapped).toBe(row.matches && !session);
  });
});

test('every row is tested', () => {
  expect(ROWS).toHaveLength(60);
  expect(ROWS.filter((row) => !tested.has(row))).toEqual([]);
});

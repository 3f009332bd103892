import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { migrate, readText, type MigrateOptions } from '../../bin/access/migrate';
import { WrongUse } from '../../bin/ending';
import { dev as deployed } from '../../config/dev';
import type { PlatformConfig } from '../../lib/platform-config';
import { Failure } from '../../sandbox/failure';

// a fork changes who has access
const dev: PlatformConfig = {
  ...deployed,
  env: { account: '111122223333', region: 'ap-northeast-1' },
  access: {
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: {
      'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
      'shop-developers': {
        principal:
          'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Dev_0123456789abcdef',
        can: 'edit',
        namespaces: ['shop', 'shop-staging'],
      },
      deployers: {
        principal: 'arn:aws:iam::111122223333:role/ci/Deployers',
        groups: ['deployers'],
        renderAs: 'aws-auth',
      },
    },
  },
};

const AWS_AUTH = `apiVersion: v1
kind: ConfigMap
metadata: { name: aws-auth, namespace: kube-system }
data:
  mapRoles: |
    - rolearn: arn:aws:iam::111122223333:role/Nodes
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:bootstrappers, system:nodes]
    - rolearn: arn:aws:iam::111122223333:role/Ops
      username: admin
      groups: [system:masters]
    - rolearn: arn:aws:iam::111122223333:role/ci/Deployers
      groups: [deployers]
    - rolearn: arn:aws:iam::111122223333:role/Deployers
      username: deployers:{{SessionName}}
      groups: [deployers]
  mapAccounts: |
    - "222233334444"
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'migrate-'));
  writeFileSync(at('aws-auth.yaml'), AWS_AUTH);
  writeFileSync(
    at('entries.json'),
    JSON.stringify({ accessEntries: ['Nodes', 'BreakGlass'].map((name) => `arn:aws:iam::111122223333:role/${name}`) }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function at(file: string): string {
  return path.join(folder, file);
}

/** What it answers and prints, without the folder. */
function run(options: Partial<MigrateOptions>, config: PlatformConfig = dev): { fine: boolean; printed: string } {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    return { fine: migrate(config, { platform: 'dev', ...options }), printed: printed.replaceAll(`${folder}/`, '') };
  } finally {
    write.mockRestore();
  }
}

test('shows the lines, the stages and the problems, and what is next', () => {
  const { fine, printed } = run({ from: at('aws-auth.yaml'), entries: at('entries.json') });
  expect(fine).toBe(false);
  expect(printed).toMatchInlineSnapshot(`
   "dev: aws-auth as in aws-auth.yaml, with the entries of entries.json
   ┌────────────────┬──────────────────────┬────────────────────────┬────────────────────────────────────────────────────────────────────┐
   │ Line           │ For                  │ Is                     │ Becomes                                                            │
   ├────────────────┼──────────────────────┼────────────────────────┼────────────────────────────────────────────────────────────────────┤
   │ mapRoles[0]    │ role/Nodes           │ nodes, EC2_LINUX       │ has its access entry                                               │
   │ mapRoles[1]    │ role/Ops             │ administrator          │ grant ops, not in the config yet                                   │
   │                │                      │                        │ aws-auth has no path: \`aws iam get-role --role-name Ops --query    │
   │                │                      │                        │ Role.Arn\` shows the whole ARN                                      │
   │ mapRoles[2]    │ role/ci/Deployers    │ does not count         │ its ARN has the path of the role, and STS tells none               │
   │ mapRoles[3]    │ role/Deployers       │ has a grant            │ grant deployers                                                    │
   │ mapAccounts[0] │ account 222233334444 │ no entry can be for it │ it lets in everybody of an account, and an access entry is for one │
   │                │                      │                        │ role or user                                                       │
   └────────────────┴──────────────────────┴────────────────────────┴────────────────────────────────────────────────────────────────────┘
   Stage 1: as it is, API_AND_CONFIG_MAP
   ┌──────────────────────────────────────────┬────────────────┬──────────────────────────────────────────────────┐
   │ Who                                      │ Comes in by    │ Has                                              │
   ├──────────────────────────────────────────┼────────────────┼──────────────────────────────────────────────────┤
   │ role/Nodes                               │ entry          │ the rights of a node                             │
   │ role/Ops                                 │ mapRoles[1]    │ everything (system:masters)                      │
   │ grant ops                                │                │                                                  │
   │ role/Deployers                           │ mapRoles[3]    │ group deployers                                  │
   │ grant deployers                          │                │                                                  │
   │ account 222233334444                     │ mapAccounts[0] │ no group                                         │
   │ role/BreakGlass                          │ entry          │ AmazonEKSClusterAdminPolicy in the whole cluster │
   │ grant break-glass                        │                │                                                  │
   │ role/AWSReservedSSO_Dev_0123456789abcdef │ nothing        │ is not let in                                    │
   │ grant shop-developers                    │                │                                                  │
   └──────────────────────────────────────────┴────────────────┴──────────────────────────────────────────────────┘
   Stage 2: entries beside aws-auth, API_AND_CONFIG_MAP
   ┌──────────────────────────────────────────┬────────────────┬───────────┬─────────────────────────────────────────────────────────────────┐
   │ Who                                      │ Comes in by    │ Change    │ What                                                            │
   ├──────────────────────────────────────────┼────────────────┼───────────┼─────────────────────────────────────────────────────────────────┤
   │ role/Nodes                               │ entry          │ unchanged │                                                                 │
   │ role/Ops                                 │ entry          │ unchanged │                                                                 │
   │ grant ops                                │                │           │                                                                 │
   │ role/Deployers                           │ entry          │ unchanged │ is arn:aws:sts::111122223333:assumed-role/Deployers/somebody to │
   │ grant deployers                          │                │           │ Kubernetes, and was deployers:somebody                          │
   │ account 222233334444                     │ mapAccounts[0] │ unchanged │                                                                 │
   │ role/BreakGlass                          │ entry          │ unchanged │                                                                 │
   │ grant break-glass                        │                │           │                                                                 │
   │ role/AWSReservedSSO_Dev_0123456789abcdef │ entry          │ let in    │ + has AmazonEKSEditPolicy in shop, shop-staging                 │
   │ grant shop-developers                    │                │           │                                                                 │
   └──────────────────────────────────────────┴────────────────┴───────────┴─────────────────────────────────────────────────────────────────┘
   Way back: without its entry a line counts again, so an entry may go; the mode stays.
   Stage 3: lines taken out, API_AND_CONFIG_MAP
   ┌──────┬────────────────┬──────────────────────┬──────────────────────────┬────────────────────────────────────────────────────────────────────────┐
   │ Turn │ Line           │ For                  │ May go                   │ Because                                                                │
   ├──────┼────────────────┼──────────────────────┼──────────────────────────┼────────────────────────────────────────────────────────────────────────┤
   │ 1    │ mapRoles[2]    │ role/ci/Deployers    │ now                      │ it does not count: its ARN has the path of the role, and STS tells     │
   │      │                │                      │                          │ none                                                                   │
   │ 2    │ mapRoles[1]    │ role/Ops             │ once stage 2 is deployed │ the access entry of stage 2 wins over it                               │
   │ 3    │ mapRoles[3]    │ role/Deployers       │ once stage 2 is deployed │ the access entry of stage 2 wins over it; \`renderAs: 'access-entries'\` │
   │      │                │                      │                          │ of deployers takes it out                                              │
   │ 4    │ mapRoles[0]    │ role/Nodes           │ last of all              │ once a node has joined by its access entry                             │
   │      │ mapAccounts[0] │ account 222233334444 │ not yet                  │ it lets in everybody of an account, and an access entry is for one     │
   │      │                │                      │                          │ role or user                                                           │
   └──────┴────────────────┴──────────────────────┴──────────────────────────┴────────────────────────────────────────────────────────────────────────┘
   Way back: a line may be written again; it counts when its entry goes.
   Stage 4: aws-auth left behind, API
   ┌──────────────────────────────────────────┬─────────────┬───────────┬────────────────┐
   │ Who                                      │ Comes in by │ Change    │ What           │
   ├──────────────────────────────────────────┼─────────────┼───────────┼────────────────┤
   │ role/Nodes                               │ entry       │ unchanged │                │
   │ role/Ops                                 │ entry       │ unchanged │                │
   │ grant ops                                │             │           │                │
   │ role/Deployers                           │ entry       │ unchanged │                │
   │ grant deployers                          │             │           │                │
   │ account 222233334444                     │ nothing     │ shut out  │ - had no group │
   │ role/BreakGlass                          │ entry       │ unchanged │                │
   │ grant break-glass                        │             │           │                │
   │ role/AWSReservedSSO_Dev_0123456789abcdef │ entry       │ unchanged │                │
   │ grant shop-developers                    │             │           │                │
   └──────────────────────────────────────────┴─────────────┴───────────┴────────────────┘
   Way back: none: EKS never leaves mode API.
   ! arn:aws:iam::111122223333:role/BreakGlass has an access entry already: if this platform did not make it, delete it right before the deploy of stage 2, which EKS refuses otherwise
   ✗ \`mapRoles[1]\` must have an access entry of its own before the mode is API, got "arn:aws:iam::111122223333:role/Ops"; write a grant for it: \`--write <file>\` writes it
   ✗ \`mapAccounts[0]\` must be gone before the mode is API: it lets in everybody of an account, and an access entry is for one role or user, got "222233334444"; grant the roles of that account that are used
   On the way 1 gains, 1 loses, 4 stay the same; 4 of 5 lines may go; 2 problems before mode API.
   Next: deploy stage 2, with \`renderAs: 'both'\` for deployers, with the grants that \`--write <file>\` writes.
   "
  `);
});

test('without a file it shows what the config itself has in aws-auth', () => {
  const { fine, printed } = run({});
  expect(fine).toBe(true);
  expect(printed.split('\n')[0]).toBe('dev: aws-auth as in config/dev.ts');
  expect(printed.split('\n').slice(-3)).toEqual([
    'On the way 0 gain, 0 lose, 3 stay the same; 1 of 1 line may go; no problem before mode API.',
    "Next: deploy stage 2, with `renderAs: 'both'` for deployers.",
    '',
  ]);
});

test('without lines and with mode API there is nothing to do', () => {
  const { grants } = dev.access;
  const config = {
    ...dev,
    access: {
      authenticationMode: 'API' as const,
      grants: { glass: { ...grants['break-glass'], can: 'cluster-admin' as const } },
    },
  };
  const { fine, printed } = run({}, config);
  expect(fine).toBe(true);
  expect(printed).toMatchInlineSnapshot(`
   "dev: aws-auth as in config/dev.ts
   It has no lines.
   Stage 1: as it is, API
   ┌─────────────────┬─────────────┬──────────────────────────────────────────────────┐
   │ Who             │ Comes in by │ Has                                              │
   ├─────────────────┼─────────────┼──────────────────────────────────────────────────┤
   │ role/BreakGlass │ entry       │ AmazonEKSClusterAdminPolicy in the whole cluster │
   │ grant glass     │             │                                                  │
   └─────────────────┴─────────────┴──────────────────────────────────────────────────┘
   Stage 4: aws-auth left behind, API
   ┌─────────────────┬─────────────┬───────────┬──────┐
   │ Who             │ Comes in by │ Change    │ What │
   ├─────────────────┼─────────────┼───────────┼──────┤
   │ role/BreakGlass │ entry       │ unchanged │      │
   │ grant glass     │             │           │      │
   └─────────────────┴─────────────┴───────────┴──────┘
   Way back: none: EKS never leaves mode API.
   On the way 0 gain, 0 lose, 1 stays the same; 0 of 0 lines may go; no problem before mode API.
   Next: nothing: access entries decide.
   "
  `);
});

test('in mode API the lines are shown with when they may go', () => {
  const record = { authenticationMode: 'API', principals: {}, administrators: [] };
  const { grants } = dev.access;
  const config: PlatformConfig = {
    ...dev,
    access: {
      authenticationMode: 'API',
      grants: { glass: { ...grants['break-glass'], can: 'cluster-admin' } },
      record,
    },
  };
  const { printed } = run({ from: at('aws-auth.yaml') }, config);
  expect(printed).toContain('with mode API nobody reads it');
  expect(printed).toContain('Next: delete aws-auth: nobody reads it.');
});

test('what a move loses is shown with what keeps it', () => {
  const config: PlatformConfig = {
    ...dev,
    access: {
      ...dev.access,
      grants: {
        'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
        shop: {
          principal: 'arn:aws:iam::111122223333:role/Shop',
          can: 'edit',
          namespaces: ['shop'],
          renderAs: 'aws-auth',
        },
      },
    },
  };
  const { printed } = run({}, config);
  for (const part of [
    '- create pods/eviction, serviceaccounts/token in shop',
    'no access policy but AmazonEKSClusterAdminPolicy has all of it',
    "`via: 'groups'` keeps it",
  ])
    expect(printed).toContain(part);
});

describe('for machines', () => {
  test('it is JSON', () => {
    const { fine, printed } = run({ from: at('aws-auth.yaml'), json: true });
    const plan = JSON.parse(printed) as Record<string, unknown>;
    expect(fine).toBe(false);
    expect(Object.keys(plan).sort()).toEqual(
      ['lines', 'next', 'principals', 'problems', 'proposed', 'removals', 'stages', 'summary', 'warnings'].sort(),
    );
    expect(plan.lines).toContainEqual({
      place: 'mapRoles[1]',
      kind: 'administrator',
      flaws: [],
      line: { arn: 'arn:aws:iam::111122223333:role/Ops', username: 'admin', groups: ['system:masters'] },
    });
    expect(plan.proposed).toEqual({
      grants: {
        ops: { principal: 'arn:aws:iam::111122223333:role/Ops', can: 'cluster-admin', username: 'admin' },
      },
      nodeRoles: {},
      notes: [
        {
          name: 'ops',
          place: 'mapRoles[1]',
          notes: ['aws-auth has no path: `aws iam get-role --role-name Ops --query Role.Arn` shows the whole ARN'],
        },
      ],
      without: [{ place: 'mapRoles[0]', why: '--entries tells whether EKS has made its access entry' }],
    });
    expect(plan.stages).toContainEqual(
      expect.objectContaining({
        stage: 4,
        mode: 'API',
        principals: expect.arrayContaining([
          {
            principal: 'arn:aws:iam::111122223333:role/Nodes',
            by: 'nothing',
            identity: 'is not let in',
            verdict: 'shut out',
            gains: [],
            loses: ['had the rights of a node'],
            notes: [],
          },
        ]) as unknown,
      }),
    );
  });

  test('problems of what was read are JSON too', () => {
    writeFileSync(at('aws-auth.yaml'), 'kind: Secret\n');
    const { fine, printed } = run({ from: at('aws-auth.yaml'), json: true });
    expect(fine).toBe(false);
    expect(JSON.parse(printed)).toEqual({
      problems: [
        '`kind` must be ConfigMap, got "Secret"; give the file what `kubectl get configmap aws-auth -n kube-system -o yaml` prints',
      ],
    });
  });
});

test('everything that is wrong with the config and the files is told at once', () => {
  writeFileSync(at('aws-auth.yaml'), 'mapRoles: []\n');
  writeFileSync(at('entries.json'), 'none');
  const config = { ...dev, access: { ...dev.access, grants: {} } };
  expect(run({ from: at('aws-auth.yaml'), entries: at('entries.json') }, config)).toEqual({
    fine: false,
    printed: [
      'config/dev.ts is not valid:',
      "  `access.grants` must hold at least one grant with `can: 'cluster-admin'` written as an access entry with its policy: the creator of the cluster is no administrator here, got []; add a break-glass role; in a cluster that has lost its last one, whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy can let one in",
      'aws-auth.yaml is not valid:',
      '  `mapRoles` must be a text: EKS takes no list or map of YAML itself, got []; write `mapRoles: |` and the lines below it',
      'entries.json is not valid:',
      '  `line 1` must be JSON, got "none"; save it with `aws eks list-access-entries --cluster-name <name> --output json`',
      '',
    ].join('\n'),
  });
});

test('a problem of the record is one of the way, not of the config', () => {
  const record = { authenticationMode: 'API', principals: {}, administrators: [] };
  const { fine, printed } = run({}, { ...dev, access: { ...dev.access, record } });
  expect(fine).toBe(false);
  expect(printed).toContain(
    '✗ `access.authenticationMode` must not move backwards: the cluster is in mode API, and EKS never leaves it again, got "API_AND_CONFIG_MAP"; set it to \'API\'\n',
  );
});

describe('--write', () => {
  const from = (): string => at('aws-auth.yaml');

  test('writes the grants for the lines that have none', () => {
    const { printed } = run({ from: from(), write: at('grants.ts') });
    expect(printed.trimEnd().split('\n').at(-1)).toBe(
      'grants.ts has what 1 line needs: take it into config/dev.ts, and run this again.',
    );
    const types = path.relative(folder, path.join(__dirname, '..', '..', 'lib', 'access', 'access-grant'));
    expect(readFileSync(at('grants.ts'), 'utf8').replaceAll(`${folder}/`, '')).toBe(
      [
        `import type { AccessGrants } from '${types}';`,
        '',
        '/** For `access.grants`: written by `npx hajime access migrate dev --from aws-auth.yaml`. */',
        'export const grants: AccessGrants = {',
        '  // mapRoles[1]',
        '  // aws-auth has no path: `aws iam get-role --role-name Ops --query Role.Arn` shows the whole ARN',
        '  ops: {',
        "    principal: 'arn:aws:iam::111122223333:role/Ops',",
        "    can: 'cluster-admin',",
        "    username: 'admin',",
        '  },',
        '};',
        '',
        '// nothing for mapRoles[0]: --entries tells whether EKS has made its access entry',
        '',
      ].join('\n'),
    );
  });

  test('writes JSON into a file of that name, and only JSON to where answers go', () => {
    const { printed } = run({ from: from(), write: at('grants.json'), json: true });
    expect(JSON.parse(printed)).toHaveProperty('summary');
    expect(JSON.parse(readFileSync(at('grants.json'), 'utf8'))).toHaveProperty('grants.ops');
  });

  test('writes nothing where nothing is needed', () => {
    writeFileSync(from(), 'mapRoles: ""\n');
    const { printed } = run({ from: from(), write: at('grants.ts') });
    expect(printed).toContain('grants.ts is not written: no line needs a grant that is not there.\n');
    expect(existsSync(at('grants.ts'))).toBe(false);
  });

  test('overwrites a file only by force', () => {
    writeFileSync(at('grants.ts'), 'mine');
    expect(() => run({ from: from(), write: at('grants.ts') })).toThrow(
      new Failure(`${at('grants.ts')} is there already, and is left as it is: --force overwrites it`),
    );
    expect(readFileSync(at('grants.ts'), 'utf8')).toBe('mine');
    run({ from: from(), write: at('grants.ts'), force: true });
    expect(readFileSync(at('grants.ts'), 'utf8')).toContain('export const grants');
  });

  test('says in one line why a file cannot be written', () => {
    expect(() => run({ from: from(), write: at('nowhere/grants.ts') })).toThrow(
      /grants\.ts cannot be written: .*ENOENT/,
    );
  });

  test.each<[Partial<MigrateOptions>, string]>([
    [{ write: 'x' }, '--write writes the grants for an existing aws-auth: give it with --from aws-auth.yaml'],
    [{ force: true }, '--force goes with --write <file>'],
  ])('%j is wrong use', (options, message) => {
    expect(() => run(options)).toThrow(new WrongUse(message));
    expect(() => run(options)).toThrow(WrongUse);
  });
});

describe('a file', () => {
  test.each<[string, Buffer]>([
    ['in UTF-8', Buffer.from('é: あ')],
    ['in UTF-8 with a mark', Buffer.from('\ufeffé: あ')],
    ['in UTF-16, as PowerShell writes it', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('é: あ', 'utf16le')])],
  ])('is read %s', (_, bytes) => {
    writeFileSync(at('text'), bytes);
    expect(readText(at('text'))).toBe('é: あ');
  });

  test.each<[string, string | Buffer, string]>([
    ['with a zero', 'a\0b', 'is no text'],
    ['that is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]), 'is no text'],
    ['that is too large', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), 'is larger than 10 MiB: that is no aws-auth'],
  ])('%s is refused in one line', (_, content, message) => {
    writeFileSync(at('text'), content);
    expect(() => readText(at('text'))).toThrow(new Failure(`${at('text')} ${message}`));
  });

  test('that is not there, or a folder, is refused in one line', () => {
    expect(() => readText(at('nothing'))).toThrow(new Failure(`${at('nothing')} is not there`));
    expect(() => readText(folder)).toThrow(new Failure(`${folder} is a folder, and must be a file`));
    expect(() => readText(path.join(at('aws-auth.yaml'), 'x'))).toThrow(/ cannot be read: .*ENOTDIR/);
  });

  test('without an end is refused', () => {
    expect(() => readText('/dev/zero')).toThrow('/dev/zero is larger than 10 MiB: that is no aws-auth');
  });
});

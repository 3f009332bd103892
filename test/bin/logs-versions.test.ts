import { showRules, showVersions } from '../../bin/logs/versions';
import { EATS, FakeRules } from './fake-rules';
import { hajime, heard, type Said } from './in-process';

let store: FakeRules;
beforeEach(() => {
  store = new FakeRules();
});

const listed = (more: { json?: true; sandbox?: true } = {}): Promise<Said> =>
  heard(() => showVersions({ target: { platform: 'dev', sandbox: more.sandbox }, store, json: more.json }));
const shown = (version?: number, json?: true): Promise<Said> =>
  heard(() => showRules({ target: { platform: 'dev' }, store, json }, version));

const RULES = '{"version":1,"rules":[{"id":"a","action":"keep"}]}';

describe('versions', () => {
  test('newest first: by whom, from what, when, what became of them, and which is live', async () => {
    await store.had(RULES);
    await store.had(RULES);
    await store.had(RULES, 'ROLLED_BACK');
    await store.add({ text: RULES, description: '' });
    store.stored.delete(1);
    const { status, stdout } = await listed();
    expect(status).toBe(0);
    const rows = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
    expect(rows.filter(({ length }) => length > 1).map((cells) => cells.slice(1, -1))).toEqual([
      ['Version', 'By, from', 'First out (UTC)', 'Its last rollout'],
      ['4', 'somebody who did not say', '', 'never rolled out'],
      [
        '3',
        'ann@example.com, config/logs/dev.yaml of 1234567',
        '2026-11-25 14:00',
        '3: was taken back by alarm EatsEverything',
      ],
      ['● 2', 'ann@example.com, config/logs/dev.yaml of 1234567', '2026-11-25 14:00', '2: is out'],
      ['1', 'deleted from AppConfig', '2026-11-25 14:00', '1: is out'],
    ]);
    expect(stdout).toMatch(/\n● Version 2 is live\.\n$/);
  });

  test('of many the newest are shown, and where the rest is', async () => {
    for (let version = 0; version < 32; version++) await store.had(RULES);
    const { stdout } = await listed({ sandbox: true });
    expect(stdout).toContain('2 older: npx hajime logs versions dev --json --sandbox\n');
    expect(JSON.parse((await listed({ json: true })).stdout)).toHaveLength(32);
  });

  test('before the first push, and with nothing live', async () => {
    expect((await listed()).stdout).toBe('There are no rules of dev yet: npx hajime logs push dev\n');
    await store.had(RULES, 'ROLLED_BACK');
    expect((await listed()).stdout).toMatch(/\nNone is live: everything is kept\.\n$/);
  });

  test('for machines it is JSON', async () => {
    await store.had(RULES, 'ROLLED_BACK');
    expect(JSON.parse((await listed({ json: true })).stdout)).toEqual([
      {
        version: 1,
        live: false,
        by: 'ann@example.com, config/logs/dev.yaml of 1234567',
        firstOut: '2026-11-25T14:00:00.000Z',
        rollout: 1,
        state: 'ROLLED_BACK',
        percent: 100,
        takenBackBy: { by: 'alarm', alarm: EATS },
      },
    ]);
  });
});

describe('show', () => {
  test('prints the live rules as YAML, with where they are from', async () => {
    await store.had(RULES);
    expect((await shown()).stdout).toBe(
      '# version 1 of the rules of dev, live since 2026-11-25 14:00 UTC\n' +
        '# by ann@example.com, config/logs/dev.yaml of 1234567\n' +
        'version: 1\nrules:\n  - id: a\n    action: keep\n',
    );
  });

  test('or those of a version, and for machines as they are stored', async () => {
    await store.had(RULES);
    await store.had('no JSON at all');
    expect((await shown(1)).stdout).toMatch(/^# version 1 of the rules of dev, not live\n/);
    expect((await shown(1, true)).stdout).toBe(`${RULES}\n`);
    expect((await shown(2)).stdout).toMatch(/\nno JSON at all\n$/);
  });

  test('what is not there is said, with what is', async () => {
    expect(await shown()).toMatchObject({
      status: 1,
      stderr: 'No rules are live on dev: everything is kept. Push some: npx hajime logs push dev\n',
    });
    expect((await shown(7)).stderr).toBe(
      'There is no version 7 of the rules of dev in AppConfig. Which there are: npx hajime logs versions dev\n',
    );
  });
});

test.each([
  [['show'], "error: missing required argument 'platform'\n(npx hajime logs show --help shows how it is used)\n"],
  [
    ['show', 'dev', '1.5'],
    'It must be a whole number above 0, such as 30 or 1,000.\n(npx hajime logs show --help shows how it is used)\n',
  ],
  [['show', 'prd'], 'there is no platform prd in config/; did you mean `prod`?\n'],
  [['versions', '--jsn'], '(npx hajime logs versions --help shows how it is used)\n'],
  [['rollback', 'dev', '--to', '1', '--to-nothing'], '--to or --to-nothing, not both\n'],
  [['psh'], '(npx hajime logs --help shows how it is used)\n'],
])('logs %j is wrong use, with the help of that command', async (words, told) => {
  const { status, stderr } = await hajime('logs', ...words);
  expect(status).toBe(2);
  expect(stderr.endsWith(told) ? told : stderr).toBe(told);
});

test.each(['versions', 'show', 'push', 'rollback'])('%s has help with an example', async (command) => {
  const { status, stdout } = await hajime('logs', command, '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`Examples:\\n {2}npx hajime logs ${command} dev`));
});

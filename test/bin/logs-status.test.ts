import { showStatus } from '../../bin/logs/status';
import { Failure } from '../../sandbox/failure';
import { EATS, FakeAlarms, FakeRules, FILE, OTHERS, RULES } from './fake-rules';
import { heard, type Said } from './in-process';

let store: FakeRules;
let alarms: FakeAlarms;
beforeEach(() => {
  store = new FakeRules();
  alarms = new FakeAlarms();
});

const counts = async (): Promise<Record<string, number>> => ({
  InRecords: 1000,
  InBytes: 694_000,
  KeptBytes: 208_200,
});
const shown = (more: Partial<Parameters<typeof showStatus>[0]> = {}): Promise<Said & { well: boolean | undefined }> => {
  let well: boolean | undefined;
  return heard(async () => {
    well = await showStatus({
      target: { platform: 'dev' },
      store,
      alarms,
      failed: async () => ({ waiting: 0, complete: true, oldest: undefined }),
      counts,
      idle: async () => [],
      ...more,
    });
  }).then((said) => ({ ...said, well }));
};
const withoutTable = (text: string): string[] => text.split('\n').filter((line) => !/[─┌]/.test(line));

test('says what is live, by whom, the rollouts, and what the function counted', async () => {
  await store.had(OTHERS);
  await store.had(JSON.stringify(RULES));
  const { stdout, well } = await shown();
  expect(well).toBe(true);
  expect(withoutTable(stdout)).toEqual([
    'Version 2 is live on dev, 1 rule, since 2026-11-25 14:00 UTC',
    '  by ann@example.com, config/logs/dev.yaml of 1234567',
    expect.stringContaining('Rollout'),
    expect.stringMatching(/2 .*2 .*is out .*2026-11-25 14:00/),
    expect.stringMatching(/1 .*1 .*is out .*2026-11-25 14:00/),
    'In the last 15 minutes: 1,000 records, 694 kB; 30 % kept, 0 % in the hot copy.',
    '',
  ]);
});

test('while it is watched it says until when', async () => {
  await store.had(OTHERS, 'BAKING');
  expect((await shown()).stdout).toMatch(/^Version 1 is live on dev, 0 rules, .*, watched until 14:10:00 UTC\n/);
});

test('before the first push', async () => {
  expect((await shown()).stdout).toContain(
    'No rules are live on dev: everything is kept. Push some: npx hajime logs push dev\n',
  );
});

describe('while another version is on its way', () => {
  beforeEach(async () => {
    await store.had(OTHERS);
    await store.add({ text: JSON.stringify(RULES), description: '' });
    store.out(2, 'DEPLOYING', undefined, 30);
  });

  test('both decide, and it says until when', async () => {
    expect((await shown()).stdout).toMatch(
      /^Version 2 is going out \(40 %\) on dev: until then versions 1 and 2 decide, the same line by chance; all from 14:31:00 UTC\n {2}version 2 by somebody who did not say\n {2}version 1 by ann@/,
    );
  });

  test('the file is compared with the one that goes out', async () => {
    expect((await shown({ file: { name: FILE, rules: RULES } })).stdout).not.toContain('differs');
    expect((await shown({ file: { name: FILE, rules: { version: 1, rules: [] } } })).stdout).toContain(
      '! config/logs/dev.yaml differs: npx hajime logs diff dev --sample yesterday\n',
    );
  });

  test('as the first one, it decides or nothing does', async () => {
    store.begun.shift();
    expect((await shown()).stdout).toContain('until then version 2 decides or everything is kept, by chance;');
  });
});

test('a file that differs from what is live is told of', async () => {
  await store.had(JSON.stringify(RULES));
  const file = { name: FILE, rules: { version: 1 as const, rules: [] } };
  expect((await shown({ file })).stdout).toContain('! config/logs/dev.yaml differs');
  expect((await shown({ file: { name: FILE, rules: RULES } })).stdout).not.toContain('differs');
});

test('rules this project cannot read are told of', async () => {
  await store.had('{"version":2,"rules":[]}');
  expect((await shown()).stdout).toContain('! version 1 is not valid here: `version` must be');
});

describe('a rollout that was taken back', () => {
  test('by an alarm: the table says which in short, the line above by its whole name', async () => {
    await store.had(OTHERS);
    await store.had('2', 'ROLLED_BACK', new Date('2026-11-25T14:03:00Z'));
    const { stdout, well } = await shown();
    expect(well).toBe(true);
    expect(stdout).toContain(`! version 2 was taken back by alarm ${EATS} at 2026-11-25 14:03 UTC (rollout 2)\n`);
    expect(stdout).toMatch(/2 .*2 .*│ was taken back by alarm EatsEverything │/);
  });

  test('by a person', async () => {
    await store.had(OTHERS);
    await store.had('2', 'BAKING', new Date('2026-11-25T14:03:00Z'));
    await store.stop(2);
    const { stdout } = await shown();
    expect(stdout).toContain('! version 2 was taken back by a person at 2026-11-25 14:03 UTC (rollout 2)\n');
    expect(stdout).toMatch(/│ was taken back by a person │/);
  });

  test('the version before it is live since then, and its metrics count from then on', async () => {
    await store.had(OTHERS);
    await store.had('2', 'COMPLETE', new Date('2026-11-27T09:00:00Z'));
    await store.stop(2);
    const asked: (Date | undefined)[] = [];
    const { stdout } = await shown({
      counts: async (since) => {
        asked.push(since);
        return {};
      },
    });
    expect(stdout).toMatch(/^Version 1 is live on dev, 0 rules, since 2026-11-27 09:00 UTC\n/);
    expect(asked).toEqual([new Date('2026-11-27T09:00:00Z')]);
  });

  test('an older one is in the table only', async () => {
    await store.had('1', 'ROLLED_BACK');
    await store.had(OTHERS);
    expect((await shown()).stdout).not.toContain('! version 1');
  });
});

test.each([
  [
    { RulesStale: 1 },
    '✗ the function could not read the rules: it decides by the last good ones, or keeps everything if it knows none\n',
  ],
  [{ RulesMissing: 1 }, '✗ the function has no rules at all and keeps everything\n'],
  [
    { Failed: 1200 },
    '✗ 1,200: records were given up on and are under failed/: npx hajime logs replay dev --from failed --since 1h --sandbox\n',
  ],
  [
    { HotFailed: 2 },
    '✗ 2: records are missing in the hot copy: npx hajime logs replay dev --from hot --since 1h --sandbox\n',
  ],
])('%j is not well', async (metrics, told) => {
  const { stdout, well } = await shown({
    target: { platform: 'dev', sandbox: true },
    counts: async () => metrics,
  });
  expect(well).toBe(false);
  expect(stdout).toContain(told);
});

test('an alarm that rings is not well, though the function counted nothing wrong', async () => {
  alarms.ring();
  const { stdout, well } = await shown();
  expect(well).toBe(false);
  expect(stdout).toContain(
    `  ✗ alarm ${EATS} rings since 2026-11-25 13:50 UTC: The rules drop more than 60 % of what comes in.\n`,
  );
  alarms.ring('INSUFFICIENT_DATA');
  expect((await shown()).well).toBe(true);
});

test('objects nobody has replayed are not well: a function that throws counts nothing', async () => {
  const oldest = new Date('2026-11-25T12:00:00Z');
  const { stdout, well } = await shown({ failed: async () => ({ waiting: 3, complete: true, oldest }) });
  expect(well).toBe(false);
  expect(stdout).toContain(
    '  ✗ 3 objects under failed/ are not replayed: npx hajime logs replay dev --from failed --since 2026-11-25T12:00\n',
  );
  const more = await shown({ failed: async () => ({ waiting: 1, complete: false, oldest }) });
  expect(more.stdout).toContain('  ✗ at least 1 object under failed/ is not replayed: ');
});

test('a rule that threw and lines that could not be parsed are told of, and no failure', async () => {
  const { stdout, well } = await shown({ counts: async () => ({ InRecords: 9, RuleErrors: 2, Unparsed: 1 }) });
  expect(well).toBe(true);
  expect(stdout).toContain('! a rule passed 2 records by on which it threw\n');
  expect(stdout).toContain('! 1 record could not be parsed (unparsed/)\n');
});

test('rules that match nothing for a month are told of', async () => {
  const { stdout, well } = await shown({ idle: async () => ['old', 'older'] });
  expect(well).toBe(true);
  expect(stdout).toContain('! matched nothing for 30 days: old, older\n');
});

const refused = async (): Promise<never> => {
  throw new Failure('The credentials may not do that.\n  AccessDenied: no');
};

test.each<[string, () => Parameters<typeof shown>[0]]>([
  ['what the function counted', () => ({ counts: refused })],
  ['the alarms', () => ({ alarms: { all: refused } })],
  ['what is under failed/', () => ({ failed: refused })],
  ['which rules match nothing', () => ({ idle: refused })],
])('what cannot be looked at is not known, and not well: %s', async (what, options) => {
  const { stdout, well } = await shown(options());
  expect(well).toBe(false);
  expect(stdout).toContain(`  ✗ not known: ${what}: The credentials may not do that. AccessDenied: no\n`);
  const json = JSON.parse((await shown({ ...options(), json: true })).stdout) as object;
  expect(json).toMatchObject({
    well: false,
    unknown: [{ what, why: 'The credentials may not do that. AccessDenied: no' }],
  });
});

test('for machines it is JSON', async () => {
  await store.had(OTHERS, 'ROLLED_BACK');
  await store.had(JSON.stringify(RULES), 'BAKING');
  alarms.ring();
  expect(JSON.parse((await shown({ json: true })).stdout)).toMatchObject({
    platform: 'dev',
    well: false,
    live: { version: 2, rules: 1, by: expect.stringContaining('ann@example.com') as string },
    running: { number: 2, state: 'BAKING' },
    rollouts: [{ takenBackBy: null }, { takenBackBy: { by: 'alarm', alarm: EATS } }],
    counts: { InRecords: 1000 },
    ringing: [{ name: EATS, state: 'ALARM' }],
    failedObjects: { waiting: 0 },
    warnings: [],
    unknown: [],
  });
  store.begun.length = 0;
  expect(JSON.parse((await shown({ json: true })).stdout)).toMatchObject({ live: null, running: null });
});

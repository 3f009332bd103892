import { push, rollBack } from '../../bin/logs/push';
import { effect, waitFor } from '../../bin/logs/rollout';
import { countsOf, showStatus } from '../../bin/logs/status';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { Failure } from '../../sandbox/failure';
import { Progress } from '../../sandbox/progress';
import { FakeRules } from './fake-rules';
import { heard, type Said } from './in-process';

const RULES: LogRules = {
  version: 1,
  rules: [
    {
      id: 'probes',
      action: 'drop',
      match: { message: { contains: 'healthz' } },
      tests: [{ record: { log: 'GET /healthz' }, expect: 'drop' }],
    },
  ],
};
const FILE = 'config/logs/dev.yaml';

let store: FakeRules;
beforeEach(() => {
  store = new FakeRules();
});

const pushed = (rules = RULES, wait = false): Promise<Said> =>
  heard(() => push({ platform: 'dev', file: FILE, rules, store, strategy: 'all-at-once', wait }));
const rolledBack = (to?: number): Promise<Said> =>
  heard(() => rollBack({ platform: 'dev', store, strategy: 'all-at-once', wait: false }, to));

describe('push', () => {
  test('runs the tests, adds a version, rolls it out, and says from when on it decides and how to undo it', async () => {
    const { status, stdout, stderr } = await pushed();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'config/logs/dev.yaml: 1 test of 1 rule passed',
      'Version 1 with 1 rule is out, and watched (rollout 1).',
      expect.stringMatching(
        /^Every batch the function is handed from \d\d:\d\d:\d\d UTC on is decided by it \(in 60 s\); records buffered now count as later\.$/,
      ),
      'For 10 minutes after that an alarm brings the old rules back; a next push has to wait so long.',
      'To undo it: npx hajime logs rollback dev',
      '',
    ]);
    expect(JSON.parse(store.stored.get(1)!.text)).toEqual(RULES);
    expect(store.stored.get(1)!.description).toMatch(
      /, config\/logs\/dev\.yaml (of|changed since) [0-9a-f]+$|outside of git$/,
    );
    expect(store.strategies).toEqual(['all-at-once']);
  });

  test('the same rules are not pushed again, however they are written', async () => {
    await store.had(JSON.stringify(RULES, null, 4));
    const { status, stdout } = await pushed();
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing to push: version 1 with the same rules is live.');
    expect(store.begun).toHaveLength(1);
  });

  test('nor are those that are going out; --wait then waits for them', async () => {
    await store.had(JSON.stringify(RULES), 'BAKING');
    store.next = ['COMPLETE'];
    const { status, stdout } = await pushed(RULES, true);
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing to push: version 1 with the same rules is out, and watched.\n');
    expect(store.begun).toHaveLength(1);
  });

  test('another order of rules is another push', async () => {
    const more = { ...RULES, rules: [...RULES.rules, { id: 'b', action: 'keep' as const }] };
    await store.had(JSON.stringify({ ...more, rules: [...more.rules].reverse() }));
    await pushed(more);
    expect(store.stored.size).toBe(2);
  });

  test('what an alarm took back can be pushed again', async () => {
    await store.had(JSON.stringify(RULES), 'ROLLED_BACK');
    await pushed();
    expect(store.stored.size).toBe(2);
  });

  test('a test that fails stops it before anything is asked of AWS', async () => {
    const wrong: LogRules = {
      ...RULES,
      rules: [{ ...RULES.rules[0]!, tests: [{ name: 'a page', record: { log: 'GET /shop' }, expect: 'drop' }] }],
    };
    const { status, stderr } = await pushed(wrong);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Nothing was pushed\.\nconfig\/logs\/dev\.yaml: 1 of 1 test failed\n {2}rule "probes", test "a page": expected .*"drop"/,
    );
    expect(store.stored.size).toBe(0);
  });

  test('a rollout that goes on stops it, with both ways out', async () => {
    await store.had('{"version":1,"rules":[]}', 'DEPLOYING');
    const { status, stderr } = await pushed();
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Nothing was pushed: version 1 is going out (40 %) (rollout 1, begun 14:00 UTC). AppConfig runs one rollout at a time.\nWait for it (hajime logs status dev), or stop it: hajime logs rollback dev\n',
    );
    expect(store.stored.size).toBe(1);
  });

  test('what the store refuses leaves no version behind', async () => {
    store.refusal = new Failure('AppConfig refused the rules:\n  too large');
    const { status, stderr } = await pushed();
    expect([status, stderr]).toEqual([1, 'AppConfig refused the rules:\n  too large\n']);
    expect(store.stored.size).toBe(0);
  });

  test('--wait ends when the watch is over', async () => {
    store.next = ['COMPLETE'];
    expect((await pushed(RULES, true)).status).toBe(0);
  });

  test('--wait fails when an alarm takes it back, and says which', async () => {
    store.next = ['ROLLED_BACK'];
    const { status, stderr } = await pushed(RULES, true);
    expect(status).toBe(1);
    expect(stderr).toContain('Rollout 1 was taken back: alarm dev-logs-eats-everything went off\n');
  });
});

test('waiting looks again until it is over', async () => {
  await store.had('{}', 'DEPLOYING');
  store.next = ['DEPLOYING', 'BAKING', 'COMPLETE'];
  const waits: number[] = [];
  const { state } = await waitFor(store, 1, new Progress(), async (milliseconds) => void waits.push(milliseconds));
  expect([state, waits.length]).toEqual(['COMPLETE', 2]);
});

test('a gradual rollout says that both rule sets decide until it is over', async () => {
  const rollout = { ...store.out(1, 'DEPLOYING'), minutes: 20, bakeMinutes: 0 };
  expect(effect(rollout, new Date('2026-11-25T14:00:00Z'))).toBe(
    'Every batch the function is handed from 14:21:00 UTC on is decided by it (in 21 minutes); records buffered now count as later.\nUntil then both rule sets decide, the same line by chance.',
  );
});

describe('rollback', () => {
  test('brings back the version before the live one', async () => {
    await store.had('{"version":1,"rules":[]}');
    await store.had(JSON.stringify(RULES));
    const { status, stdout } = await rolledBack();
    expect(status).toBe(0);
    expect(stdout).toContain('Version 1 is out, and watched in place of version 2 (rollout 3).');
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('takes a rollout back that has ended lately: one of its own would be stopped by the alarm that rings', async () => {
    const lately = new Date(Date.now() - 3_600_000);
    await store.had('1', 'COMPLETE', lately);
    await store.had('2', 'COMPLETE', lately);
    expect((await rolledBack()).stdout).toBe('Version 2 was taken back; version 1 decides again within 60 s.\n');
    expect(store.begun.map(({ state }) => state)).toEqual(['COMPLETE', 'REVERTED']);
    expect((await rolledBack()).stderr).toContain('Version 1 is the first that was live on dev');
  });

  test('a rollout is taken back only if that leads to the version meant', async () => {
    const lately = new Date();
    for (let version = 1; version <= 3; version++) await store.had(String(version), 'COMPLETE', lately);
    store.out(2, 'COMPLETE', lately); // taking this one back would lead to 3
    await rolledBack();
    expect(store.begun.at(-1)).toMatchObject({ version: 1, state: 'BAKING' });
  });

  test('a second time it goes further back, not forward to what was bad', async () => {
    for (let version = 1; version <= 3; version++) await store.had(String(version));
    store.out(2, 'COMPLETE');
    await rolledBack();
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('stops a rollout that goes on; the version before it decides again', async () => {
    await store.had('1');
    await store.had('2', 'DEPLOYING');
    const { status, stdout } = await rolledBack();
    expect([status, stdout]).toEqual([0, 'Version 2 was stopped; version 1 decides again within 60 s.\n']);
    expect(store.begun.map(({ state }) => state)).toEqual(['COMPLETE', 'ROLLED_BACK']);
  });

  test('stops the very first rollout', async () => {
    await store.had('1', 'BAKING');
    expect((await rolledBack()).stdout).toBe(
      'Version 1 was stopped. There was none before it: until a push everything is kept.\n',
    );
  });

  test('to a version that was named', async () => {
    for (let version = 1; version <= 3; version++) await store.had(String(version));
    await rolledBack(1);
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('stops a rollout and goes on to the version that was named', async () => {
    await store.had('1');
    await store.had('2');
    await store.had('3', 'BAKING');
    await rolledBack(1);
    expect(store.begun.map(({ version, state }) => [version, state])).toEqual([
      [1, 'COMPLETE'],
      [2, 'COMPLETE'],
      [3, 'ROLLED_BACK'],
      [1, 'BAKING'],
    ]);
  });

  test.each([
    ['nothing was ever live', [], undefined, 'No rules were ever live on dev: there is nothing to roll back.'],
    ['only one was', ['1'], undefined, 'Version 1 is the first that was live on dev: there is none before it.'],
    ['never rolled out', ['1', '2'], 9, 'Version 9 was never rolled out. Good ones: 1, 2.'],
  ])('is refused: %s', async (_, texts, to, told) => {
    for (const text of texts) await store.had(text);
    expect(await rolledBack(to)).toEqual({ status: 1, stdout: '', stderr: `${told}\n` });
  });

  test('is refused: deleted from the store', async () => {
    await store.had('1');
    await store.had('2');
    store.stored.delete(1);
    expect((await rolledBack()).stderr).toBe('Version 1 was deleted from AppConfig. Push the rules it had from git.\n');
  });

  test('to what is live already changes nothing', async () => {
    await store.had('1');
    expect((await rolledBack(1)).stdout).toBe('Version 1 is live already.\n');
    expect(store.begun).toHaveLength(1);
  });
});

describe('status', () => {
  const counts = async (): Promise<Record<string, number>> => ({
    InRecords: 1000,
    InBytes: 694_000,
    KeptBytes: 208_200,
  });
  const shown = (
    more: Partial<Parameters<typeof showStatus>[0]> = {},
  ): Promise<Said & { well: boolean | undefined }> => {
    let well: boolean | undefined;
    return heard(async () => {
      well = await showStatus({ platform: 'dev', store, counts, idle: async () => [], ...more });
    }).then((said) => ({ ...said, well }));
  };

  test('says what is live, by whom, the rollouts, and what the function counted', async () => {
    await store.had('{"version":1,"rules":[]}');
    await store.had(JSON.stringify(RULES));
    const { stdout, well } = await shown();
    expect(well).toBe(true);
    expect(stdout.split('\n').filter((line) => !/[─┌]/.test(line))).toEqual([
      'Version 2 is live on dev, 1 rule, since 2026-11-25 14:00 UTC',
      '  by ann@example.com, config/logs/dev.yaml of 1234567',
      expect.stringContaining('Rollout'),
      expect.stringMatching(/2 .*2 .*is out .*2026-11-25 14:00/),
      expect.stringMatching(/1 .*1 .*is out .*2026-11-25 14:00/),
      'In the last 15 minutes: 1,000 records, 694 kB; 30 % kept, 0 % in the hot copy.',
      '',
    ]);
  });

  test('before the first push', async () => {
    expect((await shown()).stdout).toContain(
      'No rules are live on dev: everything is kept. Push some: npx hajime logs push dev\n',
    );
  });

  test('a file that differs from what is live is told of', async () => {
    await store.had(JSON.stringify(RULES));
    const file = { name: FILE, rules: { version: 1 as const, rules: [] } };
    expect((await shown({ file })).stdout).toContain('! config/logs/dev.yaml differs');
    expect((await shown({ file: { name: FILE, rules: RULES } })).stdout).not.toContain('differs');
  });

  test.each([
    [{ RulesStale: 1 }, 'the function could not read the rules and decides by the last good ones'],
    [{ RulesMissing: 1 }, 'the function has no rules at all and keeps everything'],
    [{ Failed: 1200 }, '1,200: records were given up on and are under failed/: hajime logs replay'],
    [{ HotFailed: 2 }, '2: records are missing in the hot copy: hajime logs replay --from hot'],
  ])('%j is not well', async (metrics, told) => {
    const { stdout, well } = await shown({ counts: async () => metrics });
    expect(well).toBe(false);
    expect(stdout).toContain(told);
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

  test('metrics that cannot be read are one line, and no failure', async () => {
    const { stdout, well } = await shown({
      counts: async () => {
        throw new Error('AccessDenied: no\n  at somewhere');
      },
    });
    expect(well).toBe(true);
    expect(stdout).toContain('The metrics could not be read: AccessDenied: no\n');
  });

  test('for machines it is JSON', async () => {
    await store.had(JSON.stringify(RULES), 'BAKING');
    expect(JSON.parse((await shown({ json: true })).stdout)).toMatchObject({
      live: { version: 1, rules: 1, by: expect.stringContaining('ann@example.com') as string },
      running: { number: 1, state: 'BAKING' },
      counts: { InRecords: 1000 },
      warnings: [],
    });
  });
});

test('metrics of a place that does not answer are an error, not a wait', async () => {
  const settings = {
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  await expect(countsOf('dev', settings, new Date(), undefined)).rejects.toThrow(/ECONNREFUSED/);
});

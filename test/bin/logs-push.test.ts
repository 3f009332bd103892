import { push } from '../../bin/logs/push';
import type { Change } from '../../bin/logs/change-report';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { Failure } from '../../sandbox/failure';
import { EATS, FakeAlarms, fakeChange, FakeRules, FILE, OTHERS, RULES } from './fake-rules';
import { heard, type Said } from './in-process';

let store: FakeRules;
let alarms: FakeAlarms;
beforeEach(() => {
  store = new FakeRules();
  alarms = new FakeAlarms();
});

const pushed = (rules = RULES, more: Partial<Change> = {}): Promise<Said> =>
  heard(
    () => push(fakeChange(store, alarms, more), { file: { name: FILE, path: undefined }, rules }),
    more.json ? ['--json'] : [],
  );

describe('push', () => {
  test('runs the tests, adds a version, rolls it out, and says from when on it decides and how to undo it', async () => {
    await store.had(OTHERS);
    const { status, stdout, stderr } = await pushed();
    expect(status).toBe(0);
    expect(stderr).toMatch(/^Rolling out version 2 …\n✓ Rolling out version 2 \(\d+\.\d s\)\n$/);
    expect(stdout.split('\n')).toEqual([
      'config/logs/dev.yaml: 1 test of 1 rule passed',
      'Version 2 with 1 rule is out, and watched (rollout 2).',
      expect.stringMatching(
        /^Every batch the function is handed from \d\d:\d\d:\d\d UTC on is decided by it \(in 60 s\); records buffered now count as later\.$/,
      ),
      'For 10 minutes after that an alarm brings the old rules back; a next push has to wait so long.',
      'To undo it: npx hajime logs rollback dev',
      '',
    ]);
    expect(JSON.parse(store.stored.get(2)!.text)).toEqual(RULES);
    expect(store.stored.get(2)!.description).toMatch(/, config\/logs\/dev\.yaml, not in git$/);
    expect(store.strategies).toEqual(['all-at-once']);
  });

  test('the first one is undone by going back to nothing: there is no version before it', async () => {
    expect((await pushed()).stdout).toContain('To undo it: npx hajime logs rollback dev --to-nothing\n');
  });

  test('in the local AWS every line to copy stays there', async () => {
    const target = { platform: 'dev', sandbox: true } as const;
    expect((await pushed(RULES, { target })).stdout).toContain(
      'To undo it: npx hajime logs rollback dev --to-nothing --sandbox\n',
    );
    const { stderr } = await pushed({ version: 1, rules: [] }, { target });
    expect(stderr).toContain('npx hajime logs status dev --sandbox\n');
    expect(stderr).toContain('npx hajime logs rollback dev --sandbox\n');
  });

  test('what is doubtful in the rules is said, of much only the first', async () => {
    const rules = Array.from({ length: 9 }, (_, at) => ({
      id: `old${at}`,
      action: 'keep' as const,
      match: { pod: 'a' },
      expires: '2020-01-31',
    }));
    const lines = (await pushed({ version: 1, default: 'drop', rules })).stdout.split('\n');
    expect(lines[1]).toBe('  ! `default: drop` without a rule that keeps something drops everything no guard holds');
    expect(lines[2]).toBe(
      '  ! rule "old0" has expired (2020-01-31) and does nothing any more: remove it or give it another day',
    );
    expect(lines[6]).toBe('  ! and 5 more: npx hajime logs check dev');
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
    const { status, stdout } = await pushed(RULES, { wait: true });
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
    await store.had(OTHERS, 'DEPLOYING');
    const { status, stderr } = await pushed();
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Nothing was pushed: version 1 is going out (40 %) (rollout 1, begun 14:00 UTC). AppConfig runs one rollout at a time.\n' +
        'Wait for it, until 14:10:00 UTC: npx hajime logs status dev\nOr stop it: npx hajime logs rollback dev\n',
    );
    expect(store.stored.size).toBe(1);
  });

  test('what the store refuses leaves no version behind', async () => {
    store.refusal = new Failure('AppConfig refused the rules:\n  too large');
    const { status, stderr } = await pushed();
    expect(status).toBe(1);
    expect(stderr).toMatch(/\nAppConfig refused the rules:\n {2}too large\n$/);
    expect(store.stored.size).toBe(0);
  });

  test('for machines it is JSON', async () => {
    await store.had(OTHERS);
    expect(JSON.parse((await pushed(RULES, { json: true })).stdout)).toEqual({
      platform: 'dev',
      did: 'rolled-out',
      version: 2,
      rollout: 2,
      state: 'BAKING',
      takenBackBy: null,
      live: 2,
      effectiveAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      watchedUntil: '2026-11-25T14:10:00.000Z',
      warnings: [],
      undo: 'npx hajime logs rollback dev',
    });
    store.next = ['COMPLETE'];
    const again = JSON.parse((await pushed(RULES, { json: true, wait: true })).stdout) as object;
    expect(again).toMatchObject({ did: 'nothing', version: 2, live: 2, rollout: 2, state: 'COMPLETE' });
  });
});

describe('push while an alarm rings', () => {
  test('is refused before anything is made, with the alarm and the way out', async () => {
    const lately = new Date(Date.now() - 3_600_000);
    await store.had(OTHERS, 'COMPLETE', lately);
    await store.had(OTHERS, 'COMPLETE', lately);
    alarms.ring();
    expect(await pushed()).toEqual({
      status: 1,
      stdout: 'config/logs/dev.yaml: 1 test of 1 rule passed\n',
      stderr:
        `Nothing was pushed: alarm ${EATS} is ringing since 2026-11-25 13:50 UTC, and AppConfig takes back at once what is rolled out meanwhile; version 2 goes on deciding.\n` +
        `  ${EATS}: The rules drop more than 60 % of what comes in.\n` +
        'If the live rules set it off: npx hajime logs rollback dev\n' +
        'docs/logs.md, "While an alarm rings", says what helps and what does not.\n',
    });
    expect(store.stored.size).toBe(2);
  });

  test('an alarm without data is one that rings', async () => {
    alarms.ring('INSUFFICIENT_DATA');
    expect((await pushed()).stderr).toContain(
      `alarm ${EATS} has no data yet, and AppConfig takes back at once what is rolled out meanwhile; everything is kept, as before.`,
    );
  });

  test('who may not look at the alarms learns it from AppConfig: taken back at once is no success', async () => {
    await store.had(OTHERS);
    alarms.refusal = new Failure('AccessDenied');
    store.takesBack = true;
    const { status, stdout, stderr } = await pushed();
    expect(status).toBe(1);
    expect(stdout).toBe('config/logs/dev.yaml: 1 test of 1 rule passed\n');
    expect(stderr).toMatch(/\n✗ Rolling out version 2 \(/);
    expect(stderr).toContain(
      `\nVersion 2 was taken back at once: alarm ${EATS} is ringing; version 1 goes on deciding.\ndocs/logs.md, `,
    );
    const json = JSON.parse((await pushed(RULES, { json: true })).stdout) as object;
    expect(json).toMatchObject({
      error: expect.stringMatching(/^Version 3 was taken back at once: /) as string,
      did: 'rolled-out',
      version: 3,
      state: 'ROLLED_BACK',
      live: 1,
      takenBackBy: { by: 'alarm', alarm: EATS },
      effectiveAt: null,
    });
  });

  test('nor is it if it takes AppConfig some seconds', async () => {
    store.next = ['BAKING', 'ROLLED_BACK'];
    const { status, stderr } = await pushed();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `Version 1 was taken back at once: alarm ${EATS} is ringing; everything is kept, as before.`,
    );
  });

  test('that it cannot be looked at again does not make it undone', async () => {
    store.rollout = async () => {
      throw new Failure('AWS does not answer.');
    };
    expect((await pushed()).status).toBe(0);
    expect(store.stored.size).toBe(1);
  });
});

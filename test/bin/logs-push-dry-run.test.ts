import { dryRun } from '../../bin/logs/dry-run';
import type { Change } from '../../bin/logs/change-report';
import { FakeAlarms, fakeChange, FakeRules, FILE, OTHERS, RULES } from './fake-rules';
import { heard, type Said } from './in-process';

let store: FakeRules;
let alarms: FakeAlarms;
beforeEach(() => {
  store = new FakeRules();
  alarms = new FakeAlarms();
});

describe('push --dry-run', () => {
  const dry = (rules = RULES, more: Partial<Change> = {}, words: string[] = []): Promise<Said> =>
    heard(() => dryRun(fakeChange(store, alarms, more), { file: { name: FILE, path: undefined }, rules }, words));

  test('says what is live and what would change, and starts nothing', async () => {
    await store.had(JSON.stringify({ version: 1, default: 'drop', rules: [{ id: 'old', action: 'keep' }] }));
    expect(await dry(RULES, {}, ['--rules', 'mine.yaml'])).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'config/logs/dev.yaml: 1 test of 1 rule passed\n' +
        'Version 1 is live. Against it: 1 rule added (probes); 1 rule taken out (old); another `default`.\n' +
        'Nothing was pushed. To do it: npx hajime logs push dev --rules mine.yaml\n',
    });
    expect([store.stored.size, store.begun.length]).toEqual([1, 1]);
  });

  test('before the first push, and of what is live already', async () => {
    expect((await dry()).stdout).toContain(
      'No rules are live: everything is kept. These would be the first, 1 rule.\n',
    );
    await store.had(JSON.stringify(RULES));
    expect((await dry()).stdout).toContain('Version 1 with the same rules is live: a push would do nothing.\n');
  });

  test('fails where the push would', async () => {
    alarms.ring();
    expect(await dry()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^This would not be pushed: alarm /),
    });
    await store.had(OTHERS, 'BAKING');
    expect(await dry()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^This would not be pushed: version 1 is out, and watched /),
    });
  });

  test('for machines it is JSON', async () => {
    await store.had(OTHERS);
    expect(JSON.parse((await dry(RULES, { json: true })).stdout)).toEqual({
      platform: 'dev',
      dryRun: true,
      wouldPush: true,
      live: 1,
      running: null,
      changes: { added: ['probes'], gone: [], changed: [], reordered: false, settings: [] },
      warnings: [],
    });
  });
});

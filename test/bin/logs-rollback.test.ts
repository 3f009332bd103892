import type { Change } from '../../bin/logs/change-report';
import { rollBack, rollBackToNothing } from '../../bin/logs/rollback';
import { Failure } from '../../sandbox/failure';
import { EATS, FakeAlarms, fakeChange, FakeRules } from './fake-rules';
import { heard, type Said } from './in-process';

let store: FakeRules;
let alarms: FakeAlarms;
beforeEach(() => {
  store = new FakeRules();
  alarms = new FakeAlarms();
});

const rolledBack = (to?: number, more: Partial<Change> = {}): Promise<Said> =>
  heard(() => rollBack(fakeChange(store, alarms, more), to));
const toNothing = (more: Partial<Change> = {}): Promise<Said> =>
  heard(() => rollBackToNothing(fakeChange(store, alarms, more)));

const lately = new Date(Date.now() - 3_600_000);
const longAgo = new Date(Date.now() - 72 * 3_600_000);

/** Versions that were out, one after the other. */
async function had(count: number, completedAt?: Date): Promise<void> {
  for (let version = 1; version <= count; version++) await store.had(String(version), 'COMPLETE', completedAt);
}
const begun = (): (readonly [number, string])[] => store.begun.map(({ version, state }) => [version, state]);

describe('rollback', () => {
  test('brings back the version before the live one, and says how to undo that', async () => {
    await had(2);
    const { status, stdout } = await rolledBack();
    expect(status).toBe(0);
    expect(stdout).toContain('Version 1 is out, and watched in place of version 2 (rollout 3).\n');
    expect(stdout).toContain('To undo it: npx hajime logs rollback dev --to 2\n');
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('takes a rollout back that has ended lately, so often as there is one', async () => {
    await had(3, lately);
    expect((await rolledBack()).stdout).toBe('Version 3 was taken back; version 2 decides again within 60 s.\n');
    expect((await rolledBack()).stdout).toBe('Version 2 was taken back; version 1 decides again within 60 s.\n');
    expect(begun()).toEqual([
      [1, 'COMPLETE'],
      [2, 'REVERTED'],
      [3, 'REVERTED'],
    ]);
  });

  test('a rollout is taken back only if that leads to the version meant', async () => {
    await had(3, lately);
    store.out(2, 'COMPLETE', lately); // taking this one back would lead to 3
    await rolledBack();
    expect(store.begun.at(-1)).toMatchObject({ version: 1, state: 'BAKING' });
  });

  test('a second time it goes further back, not forward to what was bad', async () => {
    await had(3);
    store.out(2, 'COMPLETE');
    await rolledBack();
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('stops a rollout that goes on; the version before it decides again', async () => {
    await store.had('1');
    await store.had('2', 'DEPLOYING');
    const { status, stdout } = await rolledBack();
    expect([status, stdout]).toEqual([0, 'Version 2 was stopped; version 1 decides again within 60 s.\n']);
    expect(begun()).toEqual([
      [1, 'COMPLETE'],
      [2, 'ROLLED_BACK'],
    ]);
  });

  test('stops the very first rollout', async () => {
    await store.had('1', 'BAKING');
    expect((await rolledBack()).stdout).toBe(
      'Version 1 was stopped. There was none before it: until a push everything is kept.\n',
    );
  });

  test('to a version that was named', async () => {
    await had(3);
    await rolledBack(1);
    expect(store.begun.at(-1)).toMatchObject({ version: 1 });
  });

  test('stops a rollout and goes on to the version that was named', async () => {
    await had(2);
    await store.had('3', 'BAKING');
    expect((await rolledBack(1)).stdout).toMatch(/^Version 3 was stopped\.\nVersion 1 is out, and watched in place of/);
    expect(begun().slice(2)).toEqual([
      [3, 'ROLLED_BACK'],
      [1, 'BAKING'],
    ]);
  });

  test.each([
    ['nothing was ever live', 0, undefined, 'No rules were ever live on dev: there is nothing to roll back.'],
    [
      'only one was',
      1,
      undefined,
      'Version 1 is the first that was live on dev: there is none before it. To keep everything, as without rules: npx hajime logs rollback dev --to-nothing',
    ],
    ['never rolled out', 2, 9, 'Version 9 was never rolled out. Good ones: 1, 2.'],
  ])('is refused: %s', async (_, count, to, told) => {
    await had(count);
    expect(await rolledBack(to)).toEqual({ status: 1, stdout: '', stderr: `${told}\n` });
  });

  test('is refused: deleted from the store', async () => {
    await had(2);
    store.stored.delete(1);
    expect((await rolledBack()).stderr).toBe('Version 1 was deleted from AppConfig. Push the rules it had from git.\n');
  });

  test('a version that cannot be is told before anything is stopped', async () => {
    await store.had('1');
    await store.had('2', 'BAKING');
    expect((await rolledBack(9)).stderr).toBe('Version 9 was never rolled out. Good ones: 1, 2.\n');
    expect(store.begun[1]!.state).toBe('BAKING');
  });

  test('to what is live already changes nothing', async () => {
    await store.had('1');
    expect((await rolledBack(1)).stdout).toBe('Version 1 is live already.\n');
    expect(store.begun).toHaveLength(1);
  });

  test('one that is not over after a minute is told of', async () => {
    await store.had('1', 'BAKING');
    store.stop = async () => undefined;
    expect((await rolledBack(undefined, { target: { platform: 'dev', sandbox: true } })).stderr).toContain(
      'Rollout 1 is still being taken back after a minute: npx hajime logs status dev --sandbox\n',
    );
  });

  test('for machines it is JSON', async () => {
    await had(2, lately);
    await store.had('3', 'BAKING');
    const told = async (): Promise<object> =>
      JSON.parse((await rolledBack(undefined, { json: true })).stdout) as object;
    expect(await told()).toMatchObject({ did: 'stopped', version: 3, rollout: 3, state: 'ROLLED_BACK', live: 2 });
    expect(await told()).toMatchObject({ did: 'taken-back', version: 2, rollout: 2, state: 'REVERTED', live: 1 });
    const to = JSON.parse((await rolledBack(3, { json: true })).stdout) as object;
    expect(to).toMatchObject({
      did: 'rolled-out',
      version: 3,
      rollout: 4,
      state: 'BAKING',
      live: 3,
      undo: 'npx hajime logs rollback dev --to 1',
    });
  });
});

describe('rollback while an alarm rings', () => {
  beforeEach(() => alarms.ring());

  test('takes the last good rollout back, also behind a push that the alarm took back', async () => {
    await had(2, lately);
    await store.had('3', 'ROLLED_BACK', new Date());
    const { status, stdout } = await rolledBack();
    expect([status, stdout]).toEqual([0, 'Version 2 was taken back; version 1 decides again within 60 s.\n']);
    expect(begun()).toEqual([
      [1, 'COMPLETE'],
      [2, 'REVERTED'],
      [3, 'ROLLED_BACK'],
    ]);
  });

  const rings = `alarm ${EATS} is ringing since 2026-11-25 13:50 UTC, and AppConfig takes back at once what is rolled out meanwhile`;
  const says = `  ${EATS}: The rules drop more than 60 % of what comes in.\n`;
  const help = 'docs/logs.md, "While an alarm rings", says what helps and what does not.\n';

  test('after three days it is refused, with the alarm and why', async () => {
    await had(2, longAgo);
    expect(await rolledBack()).toEqual({
      status: 1,
      stdout: '',
      stderr: `Nothing was rolled back: ${rings}; version 2 goes on deciding.\n${says}Rollout 2 ended more than three days ago: AppConfig does not take it back any more.\n${help}`,
    });
    expect(store.begun).toHaveLength(2);
  });

  test('to a version further back it is refused, with the way that is open', async () => {
    await had(3, lately);
    expect((await rolledBack(1)).stderr).toBe(
      `Nothing was rolled back: ${rings}; version 3 goes on deciding.\n${says}To take rollout 3 back leads to version 2.\nIf the live rules set it off: npx hajime logs rollback dev\n${help}`,
    );
  });

  test('if AppConfig does not take it back, it says so in its own words', async () => {
    await had(2, lately);
    store.keepsWhatEnded = true;
    expect((await rolledBack()).stderr).toBe(
      `Nothing was rolled back: ${rings}; version 2 goes on deciding.\n${says}AppConfig does not take rollout 2 back: it has ended\n${help}`,
    );
    alarms.alarms = [];
    expect((await rolledBack()).stdout).toContain('Version 1 is out, and watched in place of version 2 (rollout 3).');
  });

  test('what was stopped before is told', async () => {
    await had(2);
    await store.had('3', 'BAKING');
    const { status, stdout, stderr } = await rolledBack(1);
    expect([status, stdout]).toEqual([1, 'Version 3 was stopped.\n']);
    expect(stderr).toContain('version 2 goes on deciding.');
  });

  test('taken back at once is no success', async () => {
    await had(2);
    alarms.refusal = new Failure('AccessDenied');
    store.takesBack = true;
    const { status, stderr } = await rolledBack();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `Version 1 was taken back at once: alarm ${EATS} is ringing; version 2 goes on deciding.\n`,
    );
  });
});

describe('rollback --to-nothing', () => {
  test('rolls out rules that are none, which is the way back from the first version', async () => {
    await had(1);
    const { status, stdout } = await toNothing();
    expect(status).toBe(0);
    expect(stdout).toContain(
      'Version 2 without any rule is out, and watched in place of version 1: everything is kept (rollout 2).\n',
    );
    expect(stdout).toContain('To undo it: npx hajime logs rollback dev --to 1\n');
    expect(JSON.parse(store.stored.get(2)!.text)).toEqual({ version: 1, rules: [] });
    expect(store.stored.get(2)!.description).toMatch(/, rollback to nothing$/);
  });

  test('rollback again does not go forward to what was left', async () => {
    await had(2);
    await toNothing();
    store.begun[2] = { ...store.begun[2]!, state: 'COMPLETE' };
    expect(await rolledBack()).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'Version 3 holds no rules, and was the way back from what was before it. To bring that back: npx hajime logs rollback dev --to 2\n',
    });
    expect((await rolledBack(2)).status).toBe(0);
  });

  test('stops the first rollout while it goes on: there was nothing before it', async () => {
    await store.had('1', 'BAKING');
    expect((await toNothing()).stdout).toBe(
      'Version 1 was stopped. There was none before it: until a push everything is kept.\n',
    );
    expect(store.stored.size).toBe(1);
  });

  test('stops a later one and goes on', async () => {
    await had(1);
    await store.had('2', 'BAKING');
    expect((await toNothing()).stdout).toMatch(/^Version 2 was stopped\.\nVersion 3 without any rule /);
  });

  test('while an alarm rings the first version is taken back: no alarm stops that', async () => {
    await had(1, lately);
    alarms.ring();
    expect((await toNothing()).stdout).toBe('Version 1 was taken back; everything is kept again within 60 s.\n');
    expect(begun()).toEqual([[1, 'REVERTED']]);
  });

  test('while an alarm rings it is refused where that leads elsewhere, with the way that is open', async () => {
    await had(2, lately);
    alarms.ring();
    const { status, stderr } = await toNothing();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'To take rollout 2 back leads to version 1.\nIf the live rules set it off: npx hajime logs rollback dev\n',
    );
    expect(store.stored.size).toBe(2);
  });

  test('does nothing where nothing is live', async () => {
    expect(await toNothing()).toMatchObject({ status: 0, stdout: 'No rules are live: everything is kept.\n' });
    await store.had('{"version":1,"rules":[]}');
    expect((await toNothing()).stdout).toBe('Version 1 holds no rules already.\n');
  });

  test('what the store refuses leaves no version behind', async () => {
    await had(1);
    store.refusal = new Failure('no');
    expect((await toNothing()).status).toBe(1);
    expect(store.stored.size).toBe(1);
  });
});

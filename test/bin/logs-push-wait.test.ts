import { push } from '../../bin/logs/push';
import { effect, waitFor } from '../../bin/logs/rollout';
import type { Change } from '../../bin/logs/change-report';
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

describe('push --wait', () => {
  test('ends when the watch is over', async () => {
    store.next = ['BAKING', 'COMPLETE'];
    const { status, stderr } = await pushed(RULES, { wait: true });
    expect(status).toBe(0);
    expect(stderr).toMatch(/✓ Waiting for the rollout and its watch \(\d+\.\d s\)\n$/);
  });

  test('fails when an alarm takes it back, and says which and what it watches', async () => {
    await store.had(OTHERS);
    const rings = async (): Promise<void> => alarms.ring();
    store.next = ['BAKING', 'ROLLED_BACK'];
    const { status, stderr } = await pushed(RULES, { wait: true, sleep: rings });
    expect(status).toBe(1);
    expect(stderr).toContain(
      `Version 2 was taken back by alarm ${EATS} (rollout 2); version 1 decides again within 60 s.\n` +
        `  ${EATS}: The rules drop more than 60 % of what comes in.\ndocs/logs.md, `,
    );
  });

  test('for machines what came of it is beside why', async () => {
    store.next = ['BAKING', 'ROLLED_BACK'];
    expect(JSON.parse((await pushed(RULES, { wait: true, json: true })).stdout)).toMatchObject({
      error: expect.stringMatching(/^Version 1 was taken back by alarm /) as string,
      did: 'rolled-out',
      version: 1,
      state: 'ROLLED_BACK',
      takenBackBy: { by: 'alarm', alarm: EATS },
      live: null,
      effectiveAt: null,
      undo: null,
    });
  });

  test('fails when a person takes it back, who has seen to no alarm', async () => {
    const stopped = async (): Promise<void> => store.stop(1);
    const { status, stderr } = await pushed(RULES, { wait: true, sleep: stopped });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\nVersion 1 was taken back by a person \(rollout 1\); everything is kept again within 60 s\.\n$/,
    );
  });

  test('Ctrl-C says that the rules stay out, until when they are watched, and how to take them back', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    try {
      const { next } = store;
      const interrupted = async (): Promise<void> => {
        process.emit('SIGINT');
        next.push('COMPLETE'); // nobody waits any more, and it ends
      };
      const { stderr } = await pushed(RULES, { wait: true, sleep: interrupted });
      expect(stderr).toMatch(/\n✗ Waiting for the rollout and its watch \(\d+\.\d s\)\n/);
      expect(stderr).toContain(
        'Stopped waiting; version 1 stays out and is watched until 14:10:00 UTC.\n' +
          'See it: npx hajime logs status dev\nTake it back: npx hajime logs rollback dev\n',
      );
      expect(exit).toHaveBeenCalledWith(130);
    } finally {
      exit.mockRestore();
    }
  });
});

test('waiting looks again until it is over, and says until when it lasts', async () => {
  await store.had('{}', 'DEPLOYING');
  const [first] = store.begun;
  store.begun[0] = { ...first!, startedAt: new Date() };
  store.next = ['DEPLOYING', 'BAKING', 'COMPLETE'];
  const [waits, notes]: [number[], string[]] = [[], []];
  const progress = { note: (text: string) => void notes.push(text) };
  const { rollout } = await waitFor(store, 1, progress, async (milliseconds) => void waits.push(milliseconds));
  expect([rollout.state, waits]).toEqual(['COMPLETE', [2000, 2000]]);
  expect(notes[0]).toMatch(/^is going out \(40 %\), until \d\d:\d\d:\d\d UTC \(10 minutes left\)$/);
});

test('a gradual rollout says that both rule sets decide until it is over', async () => {
  const rollout = { ...store.out(1, 'DEPLOYING'), minutes: 20, bakeMinutes: 0 };
  expect(effect(rollout, new Date('2026-11-25T14:00:00Z'))).toBe(
    'Every batch the function is handed from 14:21:00 UTC on is decided by it (in 21 minutes); records buffered now count as later.\nUntil then both rule sets decide, the same line by chance.',
  );
});

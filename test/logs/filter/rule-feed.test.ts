import { RulePolling, type Look, type RuleSource } from '../../../lib/logs/filter/rule-feed';
import type { KnownRules } from '../../../lib/logs/filter/parts';
import { awsError } from './fake-time';

const rulesOf = (...ids: string[]): string =>
  JSON.stringify({ version: 1, rules: ids.map((id) => ({ id, action: 'drop', match: { namespace: id } })) });
const START = 1_000_000;

/** A store that holds what it is told to hold. */
class Store implements RuleSource {
  content: string | undefined;
  label: string | undefined;
  failure: Error | undefined;
  waitSeconds = 15;
  started = 0;
  looks = 0;
  private tokens = 0;
  private readonly seen = new Map<string, string>();

  start(): Promise<string> {
    this.started++;
    return this.failure === undefined ? Promise.resolve(this.token('')) : Promise.reject(this.failure);
  }

  latest(token: string): Promise<Look> {
    this.looks++;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const seen = this.seen.get(token);
    if (seen === undefined) return Promise.reject(awsError('BadRequestException'));
    this.seen.delete(token); // a token is for one look
    if (this.content === undefined) return Promise.reject(awsError('ResourceNotFoundException'));
    return Promise.resolve({
      token: this.token(this.content),
      waitSeconds: this.waitSeconds,
      content: seen === this.content ? '' : this.content,
      label: this.label,
    });
  }

  /** Makes every token worthless, as time does. */
  expire(): void {
    this.seen.clear();
  }

  private token(seen: string): string {
    const token = `t${++this.tokens}`;
    this.seen.set(token, seen);
    return token;
  }
}

let store: Store;
let told: Readonly<Record<string, unknown>>[];
let feed: RulePolling;

beforeEach(() => {
  store = new Store();
  told = [];
  feed = new RulePolling({ source: store, pollSeconds: 15, tell: (event) => told.push(event) });
});

/** What is known so many seconds after the start. */
async function at(seconds: number): Promise<Omit<KnownRules, 'engine'> & { readonly ids: string | undefined }> {
  const { engine, ...known } = await feed.current(START + seconds * 1000);
  return { ids: engine?.rules.rules.map(({ id }) => id).join(' '), ...known };
}

const GOOD = { stale: false, missing: false };
const NONE = { ids: undefined, missing: true };

test('rules are there from the first batch on', async () => {
  store.content = rulesOf('a');
  expect(await at(0)).toEqual({ ids: 'a', ...GOOD });
});

test('new rules are in force when the interval is over', async () => {
  store.content = rulesOf('a');
  await at(0);
  store.content = rulesOf('b');
  expect(await at(14)).toEqual({ ids: 'a', ...GOOD });
  expect(await at(15)).toEqual({ ids: 'b', ...GOOD });
  expect([store.started, store.looks]).toEqual([1, 2]);
});

test('a store that wants to be left alone for longer is left alone', async () => {
  store.content = rulesOf('a');
  store.waitSeconds = 30;
  await at(0);
  store.content = rulesOf('b');
  expect((await at(29)).ids).toBe('a');
  expect((await at(30)).ids).toBe('b');
});

test('rules that did not change are not made ready again', async () => {
  store.content = rulesOf('a');
  const { engine } = await feed.current(START);
  store.expire();
  expect((await feed.current(START + 20_000)).engine).toBe(engine);
  expect(store.started).toBe(2);
});

test('a token that is worth nothing is followed by a new session', async () => {
  store.content = rulesOf('a');
  await at(0);
  store.expire();
  store.content = rulesOf('b');
  expect(await at(15)).toEqual({ ids: 'b', ...GOOD });
  expect(told).toEqual([]);
});

describe('while the store cannot be reached', () => {
  test('the last good rules decide; after a minute they are stale', async () => {
    store.content = rulesOf('a');
    await at(0);
    store.failure = awsError('TimeoutError');
    expect(await at(15)).toEqual({ ids: 'a', ...GOOD });
    expect(await at(60)).toEqual({ ids: 'a', ...GOOD });
    expect(await at(66)).toEqual({ ids: 'a', ...GOOD, stale: true });
    store.failure = undefined;
    store.content = rulesOf('b');
    expect(await at(71)).toEqual({ ids: 'b', ...GOOD });
  });

  test('it is asked again every five seconds, and that is told once', async () => {
    store.content = rulesOf('a');
    await at(0);
    store.failure = awsError('TimeoutError');
    const before = store.started;
    for (let seconds = 15; seconds < 30; seconds++) await at(seconds);
    expect(store.started - before).toBe(3);
    expect(told).toEqual([
      { level: 'error', message: 'no look at the rules', error: 'TimeoutError: TimeoutError on purpose' },
    ]);
  });

  test('a cold start has no rules, and does not say that there are none', async () => {
    store.failure = awsError('TimeoutError');
    expect(await at(0)).toEqual({ ids: undefined, stale: true, missing: false });
    store.failure = undefined;
    store.content = rulesOf('a');
    expect(await at(5)).toEqual({ ids: 'a', ...GOOD });
  });
});

test('before the first push there are no rules, and none are stale', async () => {
  expect(await at(0)).toEqual({ ...NONE, stale: false });
  expect(await at(100)).toEqual({ ...NONE, stale: false });
  expect(told).toEqual([]);
});

describe('a clock that is put back by an hour', () => {
  const HOUR = 3_600;

  test('does not put off the next look', async () => {
    store.content = rulesOf('a');
    await at(HOUR);
    store.content = rulesOf('b');
    expect(await at(1)).toEqual({ ids: 'b', ...GOOD });
    store.content = rulesOf('c');
    expect((await at(15)).ids).toBe('b');
    expect((await at(16)).ids).toBe('c');
  });

  test('does not put off that the rules are stale', async () => {
    store.content = rulesOf('a');
    await at(HOUR);
    store.failure = awsError('TimeoutError');
    expect(await at(1)).toEqual({ ids: 'a', ...GOOD });
    expect(await at(62)).toEqual({ ids: 'a', ...GOOD, stale: true });
  });
});

describe.each([
  ['no JSON', '{'],
  ['not valid', JSON.stringify({ version: 1, rules: [{ id: 'a', action: 'eat' }] })],
  ['of a form to come', JSON.stringify({ version: 2, rules: [] })],
])('rules that are %s', (_, bad) => {
  test('leave the last good ones in force, stale at once, until there are better ones', async () => {
    store.content = rulesOf('a');
    await at(0);
    store.content = bad;
    expect(await at(15)).toEqual({ ids: 'a', ...GOOD, stale: true });
    store.expire(); // they come once more
    expect(await at(30)).toEqual({ ids: 'a', ...GOOD, stale: true });
    expect(told).toEqual([expect.objectContaining({ problems: [expect.any(String)] })]);
    store.content = rulesOf('b');
    expect(await at(45)).toEqual({ ids: 'b', ...GOOD });
  });

  test('are forgotten when the good ones come back', async () => {
    store.content = rulesOf('a');
    await at(0);
    store.content = bad;
    await at(15);
    store.content = rulesOf('a');
    expect(await at(30)).toEqual({ ids: 'a', ...GOOD });
  });

  test('are none at a cold start', async () => {
    store.content = bad;
    expect(await at(0)).toEqual({ ids: undefined, stale: true, missing: false });
  });
});

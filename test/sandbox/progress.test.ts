import { Progress } from '../../sandbox/progress';

/** What is written to a stream that is no terminal. */
function written(): { stream: NodeJS.WriteStream; lines: string[] } {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) > 0 };
  return { stream: stream as unknown as NodeJS.WriteStream, lines };
}

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

test('off a terminal a step tells once a minute how far it is: what is silent for an hour is ended by CI', () => {
  const { stream, lines } = written();
  const progress = new Progress(stream);
  progress.note('before any step');
  progress.step('Waiting');
  for (let second = 0; second <= 150; second += 2) {
    jest.setSystemTime(second * 1000);
    progress.note(`${150 - second} s left`);
  }
  progress.done();
  expect(lines).toEqual([
    'Waiting …\n',
    'Waiting: 90 s left (60 s)\n',
    'Waiting: 30 s left (120 s)\n',
    '✓ Waiting (150.0 s)\n',
  ]);
});

test('on a terminal it is one line that changes', () => {
  const { stream, lines } = written();
  const progress = new Progress(Object.assign(stream, { isTTY: true, columns: 80, cursorTo: () => true }));
  progress.step('Waiting');
  jest.setSystemTime(100_000);
  progress.note('still');
  expect(lines).toEqual([]);
  jest.clearAllTimers();
});

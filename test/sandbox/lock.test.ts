import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { takeLock } from '../../sandbox/lock';

const state = mkdtempSync(path.join(tmpdir(), 'lock-'));
const file = path.join(state, 'lock');

beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(state, { recursive: true, force: true }));

test('holds until it is released', () => {
  const release = takeLock('hajime start', state);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, command: 'hajime start' });
  release();
  expect(existsSync(file)).toBe(false);
});

test('a second one is told who is at work, and leaves the lock alone', () => {
  const release = takeLock('hajime start', state);
  expect(() => takeLock('hajime sandbox down', state)).toThrow(
    new RegExp(`^\`hajime start\` is at work on this sandbox \\(process ${process.pid}, since 20`),
  );
  expect(existsSync(file)).toBe(true);
  release();
});

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1, born: '1' }],
  ['a process whose number another one has now', { pid: process.pid, born: '1' }],
])('the lock of %s is taken over', (_, holder) => {
  writeFileSync(file, JSON.stringify({ ...holder, command: 'hajime start', since: 'yesterday' }));
  const release = takeLock('hajime sandbox up', state);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ command: 'hajime sandbox up' });
  release();
});

test('a lock that cannot be read is taken over', () => {
  writeFileSync(file, '');
  takeLock('hajime sandbox up', state)();
  expect(existsSync(file)).toBe(false);
});

test('who lost the lock does not release that of another', () => {
  const release = takeLock('hajime start', state);
  const other = JSON.stringify({ pid: 1, born: '0', command: 'x', since: 'now' });
  writeFileSync(file, other);
  release();
  expect(readFileSync(file, 'utf8')).toBe(other);
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { findPython } from '../../sandbox/python';

let bin: string;
beforeEach(() => (bin = mkdtempSync(path.join(tmpdir(), 'pythons-'))));
afterEach(() => rmSync(bin, { recursive: true, force: true }));

function python(name: string, version: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\necho ${version}\n`);
  chmodSync(path.join(bin, name), 0o755);
}

test('takes the first that is new enough', () => {
  python('python3', '3.9.2');
  python('python3.12', '3.12.1');
  expect(findPython({ PATH: bin })).toEqual({ command: 'python3.12', version: '3.12.1' });
});

test('takes the one that is named', () => {
  python('python3.12', '3.12.1');
  python('mine', '3.13.0');
  expect(findPython({ PATH: bin, HAJIME_PYTHON: path.join(bin, 'mine') }).version).toBe('3.13.0');
});

test.each<[string, Record<string, string>, string | undefined, string]>([
  ['there is none', {}, undefined, 'and there is none on the path.'],
  ['all are too old', { python3: '3.9.2', python: '2.7.18' }, undefined, 'and python3 is 3.9.2, python is 2.7.18.'],
  ['the one named is none', {}, 'nonsense', 'and nonsense is none.'],
  ['something else has the name', { python3: 'hello' }, undefined, 'and there is none on the path.'],
])('says what is missing if %s', (_, pythons, wanted, told) => {
  for (const [name, version] of Object.entries(pythons)) python(name, version);
  const find = (): unknown => findPython({ PATH: bin, HAJIME_PYTHON: wanted });
  expect(find).toThrow(`The local AWS needs Python 3.11 or newer, ${told}`);
  expect(find).toThrow('or name one in HAJIME_PYTHON');
});

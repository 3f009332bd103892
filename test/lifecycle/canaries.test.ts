import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { Run } from '../../sandbox/interrupt';
import { ROOT } from '../../sandbox/places';
import { pythonEnvironment } from '../../sandbox/python';

/** The tests of the local AWS itself, in its own language: that it fails where AWS fails. */
let python: string;
beforeAll(async () => {
  python = await Run.of((run) => pythonEnvironment(run, () => undefined));
});

test.each([
  ['the canaries', ['pytest', '-p', 'no:cacheprovider']],
  ['its lint', ['ruff', 'check', '--no-cache']],
  ['its format', ['ruff', 'format', '--check', '--no-cache']],
])('%s of the local AWS', (_, [module = '', ...args]) => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONDONTWRITEBYTECODE: '1' };
  const cwd = path.join(ROOT, 'sandbox');
  const { status, stdout, stderr } = spawnSync(python, ['-m', module, ...args], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stdout.slice(-8000)}\n${stderr.slice(-2000)}`);
});

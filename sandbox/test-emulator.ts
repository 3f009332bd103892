import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { Failure, messageOf } from './failure';
import { Run } from './interrupt';
import { ROOT } from './places';
import { pythonEnvironment } from './python';

/** `npm run test:emulator`: the tests of the local AWS by itself, with pytest, in the environment it runs in. */
async function main(): Promise<number> {
  const python = await Run.of((run) => pythonEnvironment(run, (step) => process.stderr.write(`${step} …\n`)));
  const pytest = [
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    ...process.argv.slice(2),
    path.join('sandbox', 'tests'),
  ];
  const { status } = spawnSync(python, pytest, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PYTHONPATH: path.join(ROOT, 'sandbox'), PYTHONDONTWRITEBYTECODE: '1' },
  });
  return status ?? 1;
}

main()
  .then((code) => (process.exitCode = code))
  .catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    if (!(error instanceof Failure)) process.stderr.write('The tests of the local AWS did not run.\n');
    process.exitCode = 1;
  });

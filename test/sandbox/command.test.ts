import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { runCommand } from '../../sandbox/command';
import { Interrupted, Run } from '../../sandbox/interrupt';

const tether = path.join(__dirname, '..', '..', 'sandbox', 'tether.cjs');
const options = { env: process.env, cwd: __dirname };

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 4000 && alive(pid); waited += 50) await new Promise((r) => setTimeout(r, 50));
  return !alive(pid);
}

test('a command gives its exit code and what it printed, line by line', async () => {
  const lines: string[] = [];
  const ended = await Run.of((run) =>
    runCommand(run, ['sh', '-c', 'echo one; echo two >&2; exit 3'], { ...options, onLine: (line) => lines.push(line) }),
  );
  expect(ended.code).toBe(3);
  expect(lines.sort()).toEqual(['one', 'two']);
});

test('a command that is not there is an exit code, too', async () => {
  const ended = await Run.of((run) => runCommand(run, ['no-such-command'], options));
  expect(ended.code).toBe(127);
  expect(ended.output).toContain('ENOENT');
});

test('an interrupted run ends its command and all that this started, and undoes the rest', async () => {
  const undone: string[] = [];
  let pid = 0;
  const running = Run.of(async (run) => {
    run.atEnd(() => void undone.push('first'));
    run.atEnd(() => void undone.push('second'));
    const kept = run.atEnd(() => void undone.push('kept'));
    kept();
    const script = 'sleep 60 & echo $!; wait';
    await runCommand(run, ['sh', '-c', script], {
      ...options,
      onLine: (line) => {
        pid = Number(line);
        process.emit('SIGTERM', 'SIGTERM');
      },
    });
  });
  await expect(running).rejects.toThrow(Interrupted);
  expect(await gone(pid)).toBe(true);
  expect(undone).toEqual(['second', 'first']);
});

test('a command ends even if who started it is killed', async () => {
  // in between, a process that is killed without any chance to tidy up
  const starter = spawn(process.execPath, [
    '-e',
    `const { spawn } = require('node:child_process');
     spawn(process.execPath, [${JSON.stringify(tether)}, 'sh', '-c', 'sleep 60 & echo $!; wait'],
       { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
     setInterval(() => 0, 1000);`,
  ]);
  const [chunk] = (await once(starter.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  expect(alive(pid)).toBe(true);
  starter.kill('SIGKILL');
  expect(await gone(pid)).toBe(true);
});

/**
 * Runs a command that ends with whoever started it, however that one ends: `node tether.cjs <command> [argument…]`.
 *
 * The starter holds the other end of stdin; once it is gone, the whole process group of the command is ended. Plain
 * JavaScript without packages, because it also runs the installation of the packages.
 */
const { spawn } = require('node:child_process');

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

let ended = false;
function end() {
  if (ended) return;
  ended = true;
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), 2000).unref();
  // SIGKILL comes in time even if nothing else keeps this process alive
  setTimeout(() => process.exit(1), 2200);
}

function signal(name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // the group is gone
  }
}

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => {
  signal('SIGKILL'); // what it left behind
  process.exit(code ?? 1);
});
process.stdin.resume();
process.stdin.on('end', end);
process.stdin.on('error', end);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, end);

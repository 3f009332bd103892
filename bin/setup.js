/** Installs the npm packages if they are missing or older than the lock file. Plain JavaScript: nothing is there yet. */
const { spawn } = require('node:child_process');
const { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const lock = join(root, 'package-lock.json');
// npm writes it when it is done: half an installation does not have it
const marker = join(root, 'node_modules', '.package-lock.json');
const state = process.env.HAJIME_STATE_DIR ?? join(root, '.sandbox');
const busy = join(state, 'installing');

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`Node.js 20 or newer is needed, this is ${process.versions.node}; see https://nodejs.org`);

if (!existsSync(marker) || statSync(marker).mtimeMs < statSync(lock).mtimeMs) {
  const packages = join(root, 'node_modules');
  // npm would empty the folder it points to, which is somebody else's
  if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(`${packages} is a link: remove it, and the packages are installed here.`);
  install();
}

function install() {
  alone();
  process.stderr.write('Installing the npm packages of package-lock.json (a minute or two the first time) …\n');
  // npm hands its own path to the scripts it runs; without it, `npm` is found on the path
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = [...npm, 'ci', '--no-progress', '--loglevel=error'];
  // tethered and in a group of its own: it ends with this process, however this one ends
  const child = spawn(process.execPath, [join(root, 'sandbox', 'tether.cjs'), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let interrupted = 0;
  const stop = (code) => {
    interrupted = code;
    child.stdin.end();
  };
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  const parents = ancestors();
  const watch = setInterval(() => ancestors() !== parents && stop(129), 300);
  const began = Date.now();
  const progress = setInterval(() => {
    process.stderr.write(`  still installing, ${Math.round((Date.now() - began) / 1000)} s …\n`);
  }, 15_000);
  child.on('close', (code) => {
    clearInterval(watch);
    clearInterval(progress);
    if (interrupted) fail('Stopped. The next run installs the packages anew.', interrupted);
    if (code !== 0) {
      const full = /ENOSPC|no space left on device/i.test(output);
      const remedy = full ? 'The disk is full: make room' : 'Check the network and the free disk space';
      const reason = output.trim().split('\n').slice(0, 8).join('\n');
      fail(`The npm packages could not be installed:\n${reason}\n${remedy}, then run the same command again.`);
    }
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8'));
    process.stderr.write(`Installed (aws-cdk-lib ${version}).\n`);
  });
}

/** Two installations at once would destroy each other. */
function alone() {
  try {
    mkdirSync(state, { recursive: true });
    const holder = existsSync(busy) ? Number(readFileSync(busy, 'utf8')) : 0;
    if (holder && existsSync(`/proc/${holder}`))
      fail(`The npm packages are being installed already (process ${holder}). Wait until that is done.`);
    writeFileSync(busy, String(process.pid));
  } catch (error) {
    fail(`The folder ${state} cannot be written: ${error.message}`);
  }
  process.on('exit', () => rmSync(busy, { force: true }));
}

/** Who started this process, and who started that: under npm there is a shell in between. */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.replace(/^.*\) /s, '').split(' ')[1]}`;
  } catch {
    return String(process.ppid); // no /proc on this system, or it is gone
  }
}

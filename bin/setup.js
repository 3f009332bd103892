/** Installs the npm packages if they are missing or older than the lock file. Plain JavaScript: nothing is there yet. */
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const lock = join(root, 'package-lock.json');
const marker = join(root, 'node_modules', '.package-lock.json');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`Node.js 20 or newer is needed, this is ${process.versions.node}; see https://nodejs.org`);

if (!existsSync(marker) || statSync(marker).mtimeMs < statSync(lock).mtimeMs) {
  process.stderr.write('Installing the npm packages of package-lock.json (a minute or two the first time) …\n');
  // npm hands its own path to the scripts it runs; without it, `npm` is found on the path
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const { status, stdout, stderr, error } = spawnSync(
    npm[0],
    [...npm.slice(1), 'ci', '--no-progress', '--loglevel=error'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (error || status !== 0) {
    const reason = error ? error.message : `${stdout}${stderr}`.trim().split('\n').slice(0, 8).join('\n');
    fail(
      `The npm packages could not be installed:\n${reason}\nCheck the network and the free disk space, then run the same command again.`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8'));
  process.stderr.write(`Installed (aws-cdk-lib ${version}).\n`);
}

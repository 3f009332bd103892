/** `npm run refresh:kubernetes`: reads from Kubernetes itself which roles each minor makes and what it serves. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import type { RbacObjects } from '../lib/access/rbac/rbac-objects';
import { compareMinors, KUBERNETES_VERSIONS } from '../lib/cluster/kubernetes-versions';
import { diskFull, Failure, messageOf } from '../sandbox/failure';
import { CACHE, ROOT } from '../sandbox/places';
import {
  defaultRolesLines,
  defaultRolesText,
  toDefaultRoles,
  unexpected,
  type DefaultRoles,
} from './kubernetes-data/default-roles';
import {
  resourcesLines,
  resourcesText,
  toResources,
  type CoreAnswer,
  type GroupsAnswer,
  type Resources,
} from './kubernetes-data/resources';
import { end, writeWhole } from './refresh';

const PROGRAM = path.join(__dirname, 'kubernetes-data');
const VERSIONS = path.join(PROGRAM, 'versions.json');

const MODULE = 'k8s.io/kubernetes';
const POLICY = 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy';
const DISCOVERY = 'api/discovery';

/** Where the module of a version lies after Go has downloaded it. */
interface Downloaded {
  readonly Dir: string;
  readonly GoMod: string;
}

/** A file of data: its text, and its lines by what they are about. */
interface Data {
  readonly text: string;
  readonly lines: ReadonlyMap<string, string>;
}

function refresh({ check }: { check?: true }): void {
  const versions = pinnedVersions();
  go(['version'], CACHE);
  const made = Object.fromEntries(versions.flatMap(([minor, version]) => Object.entries(dataOf(minor, version))));
  const left = dataFiles().filter((file) => made[file] === undefined);
  const changed = Object.keys(made).filter((file) => textOf(file) !== made[file]?.text);
  const report = [
    ...changed.flatMap((file) => [file, ...differences(linesOf(file), made[file]?.lines)]),
    ...left.map((file) => `${file}\n  gone: the minor is not one of lib/cluster/kubernetes-versions.json`),
  ];
  process.stdout.write(report.map((line) => `${line}\n`).join(''));
  const count = changed.length + left.length;
  if (count === 0) return void process.stdout.write('The data is that of Kubernetes.\n');
  const files = `${count} ${count === 1 ? 'file' : 'files'}`;
  if (check) throw new Failure(`\n${files} not as Kubernetes has it. Nothing was written: without --check it is.`);
  for (const folder of [ROLES, RESOURCES]) mkdirSync(path.join(ROOT, folder), { recursive: true });
  writeWhole('The data', Object.fromEntries(changed.map((file) => [path.join(ROOT, file), made[file]?.text ?? ''])));
  for (const file of left) rmSync(path.join(ROOT, file));
  process.stdout.write(`\n${files} written. Next: \`npm test\`.\n`);
}

/** Every supported minor with the version of Kubernetes its data is read from. */
function pinnedVersions(): [string, string][] {
  const pinned = JSON.parse(readFileSync(VERSIONS, 'utf8')) as Readonly<Record<string, string | undefined>>;
  return Object.keys(KUBERNETES_VERSIONS)
    .sort(compareMinors)
    .map((minor) => {
      const version = pinned[minor];
      if (version !== undefined) return [minor, version];
      const known = go(['list', '-m', '-versions', MODULE], CACHE).trim().split(' ');
      const newest = known.filter((each) => each.startsWith(`v${minor}.`) && !each.includes('-')).at(-1);
      const remedy = newest === undefined ? 'Go does not find one yet' : `the newest is ${newest}`;
      throw new Failure(`${path.relative(ROOT, VERSIONS)} pins no version of Kubernetes ${minor}; ${remedy}.`);
    });
}

/** The files of a minor, by their path from the root. */
function dataOf(minor: string, version: string): Record<string, Data> {
  process.stderr.write(`Reading Kubernetes ${version} (about a minute the first time) …\n`);
  const source = (folder: string): string => `${MODULE} ${version}, ${folder}`;
  const folder = path.join(CACHE, 'kubernetes-data', minor);
  mkdirSync(folder, { recursive: true });
  const { Dir, GoMod } = JSON.parse(go(['mod', 'download', '-json', `${MODULE}@${version}`], folder)) as Downloaded;

  writeFileSync(path.join(folder, 'go.mod'), goMod(readFileSync(GoMod, 'utf8'), version));
  copyFileSync(path.join(PROGRAM, 'main.go'), path.join(folder, 'main.go'));
  const printed = JSON.parse(go(['run', '-mod=mod', '.'], folder)) as RbacObjects;
  const strange = unexpected(printed, (file) => readFileSync(path.join(Dir, POLICY, 'testdata', file), 'utf8'));
  if (strange.length > 0)
    throw new Failure(
      `What was read of Kubernetes ${version} is not what its own tests expect, so nothing is written:\n` +
        strange.map((each) => `  ${each}\n`).join(''),
    );
  const roles = toDefaultRoles(printed, source(POLICY));

  const answer = (file: string): unknown => JSON.parse(readFileSync(path.join(Dir, DISCOVERY, file), 'utf8'));
  const [core, groups] = [answer('api__v1.json') as CoreAnswer, answer('aggregated_v2.json') as GroupsAnswer];
  const resources = toResources(core, groups, source(DISCOVERY));
  return {
    [`${ROLES}/${minor}.json`]: { text: defaultRolesText(roles), lines: defaultRolesLines(roles) },
    [`${RESOURCES}/${minor}.json`]: { text: resourcesText(resources), lines: resourcesLines(resources) },
  };
}

/** The module the program is built in. Kubernetes takes its own libraries from its source tree; a module must name them. */
export function goMod(kubernetes: string, version: string): string {
  const [, language = ''] = /^go (\S+)$/m.exec(kubernetes) ?? [];
  const libraries = [...kubernetes.matchAll(/^\s*(?:replace )?(\S+) => \.\/staging\//gm)].map(([, name = '']) => name);
  const library = version.replace(/^v1\./, 'v0.');
  return [
    'module kubernetes-data\n',
    `go ${language}\n`,
    `require ${MODULE} ${version}\n`,
    `replace (\n${libraries.map((name) => `\t${name} => ${name} ${library}\n`).join('')})\n`,
  ].join('\n');
}

/** Runs Go and returns what it prints. */
function go(args: readonly string[], cwd: string): string {
  mkdirSync(cwd, { recursive: true });
  // no C compiler, and no workspace of somebody above the cache folder
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const { error, status, stdout, stderr } = spawnSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw new Failure(
      'Go is missing, which builds what reads Kubernetes: install it (https://go.dev/dl), then try again.',
    );
  if (error !== undefined) throw new Failure(`Go cannot be run: ${messageOf(error)}`);
  if (status === 0) return stdout;
  const said = `${stderr}${stdout}`.split('\n').filter((line) => line !== '' && !line.startsWith('go: downloading'));
  const why = said
    .slice(-8)
    .map((line) => `  ${line}\n`)
    .join('');
  throw new Failure(`${diskFull(stderr, cwd) ?? `\`go ${args.join(' ')}\` failed in ${cwd}:`}\n${why}`.trimEnd());
}

const [ROLES, RESOURCES] = ['lib/access/rbac/default-roles', 'lib/access/rbac/resources'];

/** Every file of data there is, by its path from the root. */
function dataFiles(): string[] {
  return [ROLES, RESOURCES].flatMap((folder) => {
    const where = path.join(ROOT, folder);
    return existsSync(where) ? readdirSync(where).map((file) => `${folder}/${file}`) : [];
  });
}

function textOf(file: string): string | undefined {
  const where = path.join(ROOT, file);
  return existsSync(where) ? readFileSync(where, 'utf8') : undefined;
}

function linesOf(file: string): ReadonlyMap<string, string> {
  try {
    const data: unknown = JSON.parse(textOf(file) ?? '');
    return file.startsWith(ROLES) ? defaultRolesLines(data as DefaultRoles) : resourcesLines(data as Resources);
  } catch {
    return new Map(); // not there, or half a merge: it is made anew as a whole
  }
}

/** What is new, gone or not the same any more. */
function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string> = new Map()): string[] {
  if (before.size === 0) return [`  new: ${after.size} objects`];
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [from, to] = [before.get(key), after.get(key)];
    if (from === to) return [];
    return `  ${from === undefined ? 'new' : to === undefined ? 'gone' : 'changed'}: ${key}`;
  });
  return lines.length > 0 ? lines : ['  the same objects, written differently or from another version'];
}

const HELP = `
Needs Go. It downloads the Kubernetes packages into Go's own cache, about a minute and 1 GB a minor the first time.
Which version is read for a minor says bin/kubernetes-data/versions.json: change it there, then run this.

Examples:
  npm run refresh:kubernetes
  npm run refresh:kubernetes -- --check

Exit codes: 0 fine, 1 failed or --check found a difference, 2 wrong use`;

if (require.main === module)
  new Command('refresh-kubernetes')
    .description('Reads the default roles and the resources of each supported minor from Kubernetes itself')
    .option('--check', 'writes nothing; says what differs')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows the options)')
    .exitOverride()
    .addHelpText('after', HELP)
    .action(refresh)
    .parseAsync()
    .catch(end);

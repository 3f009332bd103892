/** `npm run refresh:versions`: compares the pinned versions with what EKS offers and, if told to, writes them. */
import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import {
  EKSClient,
  paginateDescribeAddonVersions,
  paginateDescribeClusterVersions,
  type AddonInfo,
  type ClusterVersionInformation,
} from '@aws-sdk/client-eks';
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import { ADDONS } from '../lib/addons/catalog';
import { ADDON_VERSIONS, type AddonVersions } from '../lib/addons/versions';
import { compareMinors, KUBERNETES_VERSIONS, type KubernetesSupport } from '../lib/cluster/kubernetes-versions';
import { Failure, messageOf } from '../sandbox/failure';
import { asking, dayOf, end, writeWhole, type Remedies } from './refresh';

/** A date as the SDK gives it, as the AWS CLI prints it, or in seconds, as older ones do. */
type SavedDate = Date | string | number;

/** What EKS answers to DescribeClusterVersions and DescribeAddonVersions. */
export interface Answers {
  readonly clusterVersions: readonly (Omit<ClusterVersionInformation, `${string}Date`> & {
    readonly endOfStandardSupportDate?: SavedDate;
    readonly endOfExtendedSupportDate?: SavedDate;
  })[];
  readonly addons: readonly AddonInfo[];
}

/** Kubernetes minors and, for each, the versions of add-ons. */
export interface Versions {
  readonly minors: Readonly<Record<string, KubernetesSupport>>;
  readonly addons: Readonly<Record<string, AddonVersions>>;
}

/** One line of the comparison; an empty text is nothing. */
export interface Difference {
  readonly minor: string;
  readonly what: string;
  readonly pinned: string;
  readonly offered: string;
  readonly note: string;
}

/** The minors EKS supports and the default version of each add-on this project can place. */
export function toVersions({ clusterVersions, addons }: Answers): Versions {
  const supported = clusterVersions
    .filter(({ clusterType = 'eks', versionStatus }) => clusterType === 'eks' && versionStatus !== 'UNSUPPORTED')
    .sort((a, b) => compareMinors(a.clusterVersion ?? '', b.clusterVersion ?? ''));
  if (supported.length === 0) throw new Failure('EKS named no Kubernetes version.');
  const minors = supported.map((each): [string, KubernetesSupport] => {
    const minor = each.clusterVersion ?? '';
    const standardUntil = day(each.endOfStandardSupportDate);
    const extendedUntil = day(each.endOfExtendedSupportDate);
    if (standardUntil === undefined || extendedUntil === undefined)
      throw new Failure(`EKS did not say when support for Kubernetes ${minor} ends.`);
    return [minor, { standardUntil, extendedUntil }];
  });
  const versionsFor = (minor: string): AddonVersions =>
    Object.fromEntries(
      Object.keys(ADDONS).flatMap((name): [string, string][] => {
        const version = defaultVersion(addons, name, minor);
        return version === undefined ? [] : [[name, version]];
      }),
    );
  return {
    minors: Object.fromEntries(minors),
    addons: Object.fromEntries(minors.map(([minor]) => [minor, versionsFor(minor)])),
  };
}

/** The day of a date in UTC, in which EKS counts. */
function day(date: SavedDate | undefined): string | undefined {
  const read = new Date(typeof date === 'number' ? date * 1000 : (date ?? NaN));
  return Number.isNaN(read.getTime()) ? undefined : dayOf(read);
}

function defaultVersion(addons: readonly AddonInfo[], name: string, minor: string): string | undefined {
  return addons
    .filter(({ addonName }) => addonName === name)
    .flatMap(({ addonVersions = [] }) => addonVersions)
    .filter(({ compatibilities = [] }) =>
      compatibilities.some((each) => each.clusterVersion === minor && each.defaultVersion === true),
    )
    .flatMap(({ addonVersion }) => addonVersion ?? [])
    .sort(compareVersions) // platform versions may have defaults of their own
    .at(-1);
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** Every line in which what is pinned and what EKS offers differ. */
export function differences(pinned: Versions, offered: Versions): Difference[] {
  const minors = [...new Set([...Object.keys(pinned.minors), ...Object.keys(offered.minors)])].sort(compareMinors);
  return minors.flatMap((minor) => {
    const [before, after] = [pinned.minors[minor], offered.minors[minor]];
    const changed = (what: string, from = '', to = '', note = ''): Difference[] =>
      from === to ? [] : [{ minor, what, pinned: from, offered: to, note }];
    if (after === undefined)
      return changed('extended support ends', before?.extendedUntil, 'gone', 'a platform on it fails the check');
    const isNew = before === undefined ? 'new minor' : '';
    const names = new Set([...Object.keys(pinned.addons[minor] ?? {}), ...Object.keys(offered.addons[minor] ?? {})]);
    return [
      ...changed('standard support ends', before?.standardUntil, after.standardUntil, isNew),
      ...changed('extended support ends', before?.extendedUntil, after.extendedUntil, isNew),
      ...[...names].flatMap((name) => {
        const [from, to] = [pinned.addons[minor]?.[name], offered.addons[minor]?.[name]];
        return changed(name, from, to, isNew || addonNote(name, from, to));
      }),
    ];
  });
}

function addonNote(name: string, from: string | undefined, to: string | undefined): string {
  if (from === undefined) return 'not pinned yet';
  if (to === undefined) return 'EKS names no version';
  if (isLeap(name, from, to)) return 'more than one minor';
  return compareVersions(from, to) > 0 ? 'older than pinned' : '';
}

/** Add-ons that EKS moves by one minor at a time. */
const STEPWISE: readonly string[] = ['vpc-cni', 'eks-pod-identity-agent'];

function isLeap(name: string, from: string, to: string): boolean {
  const [[major, minor = 0], [toMajor, toMinor = 0]] = [numbers(from), numbers(to)];
  return STEPWISE.includes(name) && (major !== toMajor || Math.abs(toMinor - minor) > 1);
}

/** What a reader must know before these versions are deployed. */
export function warnings(pinned: Versions, offered: Versions): string[] {
  const minors = Object.keys(offered.minors);
  const leaps = minors.flatMap((minor, index) =>
    STEPWISE.flatMap((name) => {
      const to = offered.addons[minor]?.[name];
      const below = minors[index - 1] ?? '';
      // a cluster comes to these versions from the same minor or, with an upgrade, from the one below
      const starts: [string, string | undefined][] = [
        [`on Kubernetes ${minor}`, pinned.addons[minor]?.[name]],
        [`from Kubernetes ${below} to ${minor}`, pinned.addons[below]?.[name] ?? offered.addons[below]?.[name]],
      ];
      return starts.flatMap(([where, from]) =>
        from === undefined || to === undefined || !isLeap(name, from, to)
          ? []
          : [
              `${name} ${from} → ${to} ${where}: it moves one minor at a time, ` +
                `so deploy those between first, as \`addons.${name}.version\``,
            ],
      );
    }),
  );
  const missing = Object.keys(ADDONS).flatMap((name) => {
    const without = minors.filter((minor) => offered.addons[minor]?.[name] === undefined);
    const needs = `a platform that has it there must give \`addons.${name}.version\``;
    return without.length === 0
      ? []
      : [`EKS names no default version of ${name} for Kubernetes ${without.join(', ')}: ${needs}`];
  });
  return [...leaps, ...missing];
}

/** The comparison as people read it. */
export function report(found: readonly Difference[], warned: readonly string[]): string {
  const table = new Table({
    head: ['Kubernetes', 'What', 'Pinned', 'EKS', ''],
    style: { head: [], border: [], compact: true },
  });
  table.push(...found.map(({ minor, what, pinned, offered, note }) => [minor, what, pinned, offered, note]));
  return [
    found.length === 0 ? 'The pinned versions are those of EKS.' : table.toString(),
    ...(warned.length === 0 ? [] : ['', 'Mind:', ...warned.map((line) => `  ${line}`)]),
  ].join('\n');
}

async function refresh({ region, from, write }: { region?: string; from?: string; write?: true }): Promise<void> {
  const { answers, where, date } = from === undefined ? await ask(region) : saved(from);
  const pinned: Versions = { minors: KUBERNETES_VERSIONS, addons: ADDON_VERSIONS };
  const offered = toVersions(answers);
  const found = differences(pinned, offered);
  process.stdout.write(`${report(found, warnings(pinned, offered))}\n`);
  if (found.length === 0) return;
  const count = `${found.length} ${found.length === 1 ? 'difference' : 'differences'}`;
  if (write === undefined) return void process.stdout.write(`\n${count}. Nothing was written: --write does that.\n`);
  const file = (call: string, versions: unknown): string =>
    `${JSON.stringify({ source: `eks:${call}, ${where}`, date, versions }, null, 2)}\n`;
  writeWhole('The versions', {
    [path.join(ROOT, 'lib/cluster/kubernetes-versions.json')]: file('DescribeClusterVersions', offered.minors),
    [path.join(ROOT, 'lib/addons/versions.json')]: file(
      'DescribeAddonVersions, the default version of each add-on',
      offered.addons,
    ),
  });
  process.stdout.write(`\n${count} written. Next: \`npm test -- -u\`, and read the changed snapshot.\n`);
}

type Source = { readonly answers: Answers; readonly where: string; readonly date: string };

function ask(region: string | undefined): Promise<Source> {
  return asking('EKS', REMEDIES, async () => {
    const client = new EKSClient(region === undefined ? {} : { region });
    const where = await client.config.region();
    process.stderr.write(`Asking EKS in ${where} …\n`);
    const clusterVersions: ClusterVersionInformation[] = [];
    for await (const page of paginateDescribeClusterVersions({ client }, {}))
      clusterVersions.push(...(page.clusterVersions ?? []));
    const addons: AddonInfo[] = [];
    for (const { clusterVersion: kubernetesVersion } of clusterVersions) {
      const one = async (addonName: string): Promise<void> => {
        for await (const page of paginateDescribeAddonVersions({ client }, { addonName, kubernetesVersion }))
          addons.push(...(page.addons ?? []));
      };
      await Promise.all(Object.keys(ADDONS).map(one));
    }
    return { answers: { clusterVersions, addons }, where, date: dayOf(new Date()) };
  });
}

function saved(file: string): Source {
  try {
    const answers = JSON.parse(readFileSync(file, 'utf8')) as Partial<Answers> | null;
    if (!Array.isArray(answers?.clusterVersions) || !Array.isArray(answers.addons))
      throw new Failure('`clusterVersions` and `addons` must both be in it; --help shows how to save them');
    const { clusterVersions, addons } = answers as Answers;
    return { answers: { clusterVersions, addons }, where: 'saved answers', date: dayOf(statSync(file).mtime) };
  } catch (error) {
    throw new Failure(`${file} cannot be read as answers of EKS: ${messageOf(error)}`);
  }
}

const REMEDIES: Remedies = [
  [/AccessDenied/, 'The credentials need eks:DescribeClusterVersions and eks:DescribeAddonVersions.'],
];

const ROOT = path.join(__dirname, '..');

const HELP = `
Examples:
  npm run refresh:versions
  npm run refresh:versions -- --region eu-west-1 --write

Answers can be saved where the credentials are and read elsewhere:
  aws eks describe-cluster-versions > minors.json
  aws eks describe-addon-versions > addons.json
  jq -s add minors.json addons.json > answers.json
  npm run refresh:versions -- --from answers.json

Exit codes: 0 fine, 1 problems found, 2 wrong use`;

if (require.main === module)
  new Command('refresh-versions')
    .description('Compares the pinned Kubernetes and add-on versions with what EKS offers')
    .option('--region <name>', 'the region to ask in; that of your AWS settings if left out')
    .addOption(new Option('--from <file>', 'reads saved answers instead of asking').conflicts('region'))
    .option('--write', 'writes what EKS offers to lib/**/*.json')
    .showHelpAfterError('(--help shows the options)')
    .exitOverride()
    .addHelpText('after', HELP)
    .action(refresh)
    .parseAsync()
    .catch(end);

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import * as path from 'node:path';
import { platforms } from '../../config';
import { readAwsAuth } from '../../lib/access/migration/aws-auth-file';
import { readEntries } from '../../lib/access/migration/entries-file';
import { proposedGrants, proposedNodeRoles } from '../../lib/access/migration/grants-for';
import { grantsJson, grantsTypeScript, printable } from '../../lib/access/migration/grants-text';
import type { RemovalTime } from '../../lib/access/migration/line-removal';
import type { LineKind } from '../../lib/access/migration/map-line';
import { migrationPlan, type MigrationPlan } from '../../lib/access/migration/migration-plan';
import type { MigrationStage, PrincipalStage } from '../../lib/access/migration/migration-stages';
import type { Verdict } from '../../lib/access/migration/rights-change';
import { partInWords, type RightsPart } from '../../lib/access/migration/rights-part';
import { withoutRolePath } from '../../lib/access/principal';
import type { PlatformConfig } from '../../lib/platform-config';
import { problems } from '../../lib/problems';
import { problemList } from '../../lib/validate';
import { Failure, messageOf } from '../../sandbox/failure';
import { table } from '../../sandbox/table';
import { writeWhole } from '../refresh';
import { WrongUse } from '../ending';
import { colour, say } from '../use';
import { k8sObjects } from './k8s-objects';

/** Options of `hajime access migrate`. */
export interface MigrateOptions {
  /** The platform's name in `config/`. */
  readonly platform: string;
  /** The aws-auth ConfigMap of the cluster, as kubectl prints it. */
  readonly from?: string;
  /** The access entries of the cluster, as `aws eks list-access-entries` prints them. */
  readonly entries?: string;
  /** Where to write the grants for lines that have none. */
  readonly write?: string;
  /** Whether to overwrite that file. */
  readonly force?: true;
  /** For machines. */
  readonly json?: true;
}

/** Shows the way from aws-auth to access entries, stage by stage; false if there is a problem on it. */
export function migrate(config: PlatformConfig, options: MigrateOptions): boolean {
  const { platform, from, entries: entriesFile, write, json } = options;
  checkUse(options);
  const awsAuth = from === undefined ? undefined : readAwsAuth(readText(from));
  const entries = entriesFile === undefined ? undefined : readEntries(readText(entriesFile));
  const k8s = k8sObjects(platform, Object.keys(platforms));
  const unusable = Object.entries({
    // what is deployed may forbid what the config says, and that is what this is about
    [`config/${platform}.ts`]: problems({ ...config, access: { ...config.access, record: undefined } }),
    [from ?? '']: awsAuth?.problems ?? [],
    [entriesFile ?? '']: entries?.problems ?? [],
    'k8s/': k8s.problems,
  }).filter(([, found]) => found.length > 0);
  if (unusable.length > 0) {
    say(
      json === true
        ? JSON.stringify({ problems: unusable.flatMap(([, found]) => found) }, null, 2)
        : unusable.map(([what, found]) => problemList(what, found)).join('\n'),
    );
    return false;
  }
  const plan = migrationPlan({ config, awsAuth, entries: entries?.entries, k8s: k8s.objects });
  const written = write === undefined ? undefined : writeGrants(plan, write, options);
  say(json === true ? JSON.stringify(machinePlan(plan), null, 2) : planText(plan, options, config.env.account));
  if (written !== undefined && json !== true) say(written);
  return plan.problems.length === 0;
}

function checkUse({ from, write, force }: MigrateOptions): void {
  if (write !== undefined && from === undefined)
    throw new WrongUse('--write writes the grants for an existing aws-auth: give it with --from aws-auth.yaml');
  if (force === true && write === undefined) throw new WrongUse('--force goes with --write <file>');
  if (write !== undefined && force !== true && existsSync(write))
    throw new Failure(`${write} is there already, and is left as it is: --force overwrites it`);
}

// ten times what Kubernetes stores of a ConfigMap, for lists
const LARGEST_MIB = 10;

/** Reads a text, a pipe too; what is none is said in one line. */
export function readText(file: string): string {
  const bytes = Buffer.alloc(LARGEST_MIB * 1024 * 1024 + 1);
  let length = 0;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    if (fstatSync(descriptor).isDirectory()) throw new Failure(`${file} is a folder, and must be a file`);
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`${file} ${code === 'ENOENT' ? 'is not there' : `cannot be read: ${messageOf(error)}`}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (length === bytes.length) throw new Failure(`${file} is larger than ${LARGEST_MIB} MiB: that is no aws-auth`);
  return decoded(bytes.subarray(0, length), file);
}

/** PowerShell writes UTF-16 where others write UTF-8. */
function decoded(bytes: Buffer, file: string): string {
  try {
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // not in that encoding
  }
  throw new Failure(`${file} is no text`);
}

function writeGrants({ proposed }: MigrationPlan, file: string, { platform, from, entries }: MigrateOptions): string {
  if (proposed.proposals.length === 0) return `${file} is not written: no line needs a grant that is not there.`;
  const lib = path.join(__dirname, '..', '..', 'lib', 'access', 'access-grant');
  const types = path
    .relative(path.dirname(path.resolve(file)), lib)
    .split(path.sep)
    .join('/');
  const command = [
    `npx hajime access migrate ${platform}`,
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(entries === undefined ? [] : [`--entries ${entries}`]),
  ].join(' ');
  const text = file.endsWith('.json')
    ? grantsJson(proposed)
    : grantsTypeScript(proposed, `written by \`${command}\``, types.startsWith('.') ? types : `./${types}`);
  writeWhole(file, { [file]: text });
  const { length } = proposed.proposals;
  return `${file} has what ${length} line${length === 1 ? ' needs' : 's need'}: take it into config/${platform}.ts, and run this again.`;
}

function machinePlan({ proposed, lines, stages, ...plan }: MigrationPlan): object {
  const texts = (parts: readonly RightsPart[]): string[] => parts.map((part) => partInWords(part));
  return {
    ...plan,
    stages: stages.map(({ principals, ...stage }) => ({
      ...stage,
      principals: principals.map((each) => ({ ...each, gains: texts(each.gains), loses: texts(each.loses) })),
    })),
    lines: lines.map(({ text: _, index: __, ...line }) => line),
    proposed: {
      grants: proposedGrants(proposed.proposals),
      nodeRoles: proposedNodeRoles(proposed.proposals),
      notes: proposed.proposals.map(({ name, place, notes }) => ({ name, place, notes })),
      without: proposed.without,
    },
  };
}

function planText(plan: MigrationPlan, { platform, from, entries }: MigrateOptions, account: string): string {
  const { lines, stages, problems: found, warnings, next } = plan;
  const known = entries === undefined ? '' : `, with the entries of ${entries}`;
  return [
    colour.bold(`${platform}: aws-auth as in ${from ?? `config/${platform}.ts`}${known}`),
    lines.length === 0 ? 'It has no lines.' : lineTable(plan, account),
    // in mode API nothing happens to anybody when they go
    ...(lines.length === 0 || stages.some(({ stage }) => stage === 3) ? [] : [removalTable(plan, account)]),
    ...stages.flatMap((stage) => stageText(stage, plan, account)),
    ...warnings.map((message) => `${colour.yellow('!')} ${printable(message)}`),
    ...found.map((message) => `${colour.red('✗')} ${printable(message)}`),
    colour.bold(plan.summary),
    `Next: ${next}.`,
  ].join('\n');
}

const KINDS: Readonly<Record<LineKind, string>> = {
  node: 'nodes',
  fargate: 'Fargate',
  ours: 'has a grant',
  administrator: 'administrator',
  person: 'with own groups',
  blocked: 'no entry can be for it',
  'without effect': 'does not count',
};

function lineTable({ lines, proposed, principals, stages }: MigrationPlan, account: string): string {
  const rows = lines.map(({ place, kind, line, account: everybody, grant, nodeType, why }) => {
    const mine = proposed.proposals.find((each) => each.place === place);
    const none = proposed.without.find((each) => each.place === place);
    const who = principals.find((each) => each.lines.includes(place))?.principal;
    const now = stages[0]?.principals.find(({ principal }) => principal === who);
    const becomes = [
      ...(grant === undefined ? [] : [`grant ${grant}`]),
      ...(mine === undefined
        ? []
        : [`${'grant' in mine.write ? 'grant' : 'node role'} ${mine.name}, not in the config yet`, ...mine.notes]),
      ...[none?.why, why].flatMap((each) => each ?? []),
    ];
    return [
      place,
      shortArn(line?.arn ?? (everybody === undefined ? '' : `account ${everybody}`), account),
      nodeType === undefined || kind === 'fargate' ? KINDS[kind] : `${KINDS[kind]}, ${nodeType}`,
      cell(becomes.length === 0 && now?.by === 'entry' ? ['has its access entry'] : becomes),
    ];
  });
  return table(['Line', 'For', 'Is', 'Becomes'], rows);
}

function stageText(stage: MigrationStage, plan: MigrationPlan, account: string): string[] {
  const { stage: number, title, mode, wayBack, principals } = stage;
  const head = colour.bold(`Stage ${number}: ${title}, ${mode}`);
  const back = wayBack === '' ? [] : [colour.dim(`Way back: ${wayBack}.`)];
  const changed = principals.filter(({ verdict }) => verdict !== 'unchanged');
  if (number === 3) {
    const removals = plan.removals.length === 0 ? 'There are no lines.' : removalTable(plan, account);
    const news = changed.length === 0 ? [] : [changeTable(changed, plan, account)];
    return [head, removals, ...news, ...back];
  }
  if (principals.length === 0) return [head, 'It concerns nobody.', ...back];
  if (number > 1) return [head, changeTable(principals, plan, account), ...back];
  const rows = principals.map(({ principal, by, identity }) => [who(principal, plan, account), by, cell([identity])]);
  return [head, table(['Who', 'Comes in by', 'Has'], rows)];
}

const VERDICTS: Readonly<Record<Verdict, (text: string) => string>> = {
  unchanged: colour.green,
  gains: colour.yellow,
  loses: colour.red,
  'gains and loses': colour.red,
  'let in': colour.yellow,
  'shut out': colour.red,
  'not known': colour.yellow,
};

function changeTable(principals: readonly PrincipalStage[], plan: MigrationPlan, account: string): string {
  const rows = principals.map(({ principal, by, verdict, gains, loses, notes }) => [
    who(principal, plan, account),
    by,
    VERDICTS[verdict](verdict),
    cell([...some(gains).map((text) => `+ ${text}`), ...some(loses).map((text) => `- ${text}`), ...notes]),
  ]);
  return table(['Who', 'Comes in by', 'Change', 'What'], rows);
}

const TIMES: Readonly<Record<RemovalTime, string>> = {
  now: 'now',
  'after entries': 'once stage 2 is deployed',
  last: 'last of all',
  stays: 'not yet',
};

function removalTable({ removals, lines }: MigrationPlan, account: string): string {
  const rows = removals.map(({ place, time, why, affects }, index) => {
    const line = lines.find((each) => each.place === place);
    return [
      time === 'stays' ? '' : index + 1,
      place,
      shortArn(line?.line?.arn ?? (line?.account === undefined ? '' : `account ${line.account}`), account),
      time === 'stays' ? colour.red(TIMES[time]) : TIMES[time],
      cell([why, ...affects.map((each) => `changes who ${shortArn(each, account)} is`)]),
    ];
  });
  return table(['Turn', 'Line', 'For', 'May go', 'Because'], rows);
}

function who(principal: string, { principals }: MigrationPlan, account: string): string {
  const grant = principals.find((each) => each.principal === principal)?.grant;
  const name = shortArn(withoutRolePath(principal), account);
  return grant === undefined ? name : `${name}\n${colour.dim(`grant ${grant}`)}`;
}

/** A role's or user's name, with the account if it is not the cluster's. */
function shortArn(arn: string, account: string): string {
  const [, kind = '', of = '', what = ''] = /^arn:[^:]+:(iam|sts)::(\d+):(.*)$/i.exec(arn) ?? [];
  if (kind === '') return printable(arn);
  return printable(of === account ? what : `${what} of ${of}`);
}

const SHOWN = 5;

function some(parts: readonly RightsPart[]): string[] {
  const texts = parts.slice(0, SHOWN).map((part) => partInWords(part, SHOWN));
  return parts.length <= SHOWN ? texts : [...texts, `${parts.length - SHOWN} more, which --json shows`];
}

const WIDTH = 70;

/** Texts below each other, each in lines that a terminal can hold. */
function cell(texts: readonly string[]): string {
  return texts
    .flatMap((text) =>
      printable(text)
        .split(' ')
        .reduce<string[]>((lines, word) => {
          const last = lines.at(-1);
          if (last === undefined || last.length + word.length + 1 > WIDTH) lines.push(word);
          else lines[lines.length - 1] = `${last} ${word}`;
          return lines;
        }, []),
    )
    .join('\n');
}

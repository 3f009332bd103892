import type { GrantRights } from '../../lib/access/matrix';
import { accessMatrix } from '../../lib/access/matrix';
import { ruleInWords } from '../../lib/access/rbac/rbac-warnings';
import { RIGHTS } from '../../lib/access/rights';
import type { PlatformConfig } from '../../lib/platform-config';
import { table } from '../../sandbox/table';
import { colour, say } from '../use';
import { simulated } from './simulated';

/** Shows who may do what in platforms, and why. */
export function showMatrix(platforms: Readonly<Record<string, PlatformConfig>>, { json }: { json?: true }): void {
  const found = Object.entries(platforms).map(([name, config]) => {
    const access = simulated(name, config);
    const { mode } = access.rendered.access;
    return { name, mode, minor: access.minor, grants: accessMatrix(access) };
  });
  if (json === true) {
    const rights = Object.fromEntries(RIGHTS.map(({ name, meaning }) => [name, meaning]));
    const machine = found.map(({ name, mode, minor, grants }) => [name, { mode, kubernetes: minor, grants }] as const);
    say(JSON.stringify({ rights, platforms: Object.fromEntries(machine) }, null, 2));
    return;
  }
  say(found.map(({ name, mode, minor, grants }) => text(name, mode, minor, grants)).join('\n\n'));
  const meanings = RIGHTS.map(({ name, meaning }) => `${colour.bold(name)} ${meaning}`).join('; ');
  say(`\n${meanings}.`);
  say(`A single question: ${colour.bold('npx hajime can-i create deployments -n shop --as <grant>')}`);
}

function text(name: string, mode: string, minor: string, grants: readonly GrantRights[]): string {
  const rows = grants.flatMap((each) =>
    worthSaying(each.places).map(({ where, rights, because }, index) => [
      index === 0 ? `${colour.bold(each.grant)}\n${colour.dim(shortArn(each.principal))}` : '',
      index === 0 ? each.source : '',
      places(where),
      inWords(rights, because),
      because.join('\n') || colour.dim('nothing gives it anything here'),
    ]),
  );
  const parts = [
    colour.bold(`${name}: mode ${mode}, Kubernetes ${minor}`),
    table(['Grant', 'Comes in by', 'Where', 'May', 'Because of'], rows),
    ...differences(grants),
    ...grants.flatMap(({ grant, errors }) => errors.map((error) => `${colour.yellow('!')} ${grant}: ${error}`)),
  ];
  return parts.join('\n');
}

/** That somebody may do nothing is said only of who may do nothing anywhere. */
function worthSaying(all: GrantRights['places']): GrantRights['places'] {
  const some = all.filter(({ because }) => because.length > 0);
  return some.length > 0 ? some : all;
}

/** How policies differ from roles, told once for all who have the same. */
function differences(grants: readonly GrantRights[]): string[] {
  const same = new Map<unknown, string[]>();
  for (const { grant, difference } of grants)
    if (difference !== undefined) same.set(difference, [...(same.get(difference) ?? []), grant]);
  return grants.flatMap(({ difference, grant }) => {
    const who = same.get(difference) ?? [];
    if (difference === undefined || who[0] !== grant) return [];
    const { missing, more, besides } = difference;
    const lacks = [...missing.map(ruleInWords), ...besides];
    return [
      `${colour.yellow('!')} ${who.join(', ')}: as an access policy, not the Kubernetes role`,
      ...(lacks.length === 0 ? [] : [`    without ${lacks.join('\n            ')}`]),
      ...(more.length === 0 ? [] : [`    but with ${more.map(ruleInWords).join('\n             ')}`]),
      `    \`via: 'groups'\` gives the role itself`,
    ];
  });
}

function places(where: readonly string[]): string {
  if (where[0] === 'cluster') return 'everywhere';
  return where.length > 6 ? `${where.slice(0, 5).join('\n')}\nand ${where.length - 5} more` : where.join('\n');
}

function inWords(rights: readonly string[], because: readonly string[]): string {
  if (rights.includes('everything')) return colour.red('everything');
  if (rights.length > 0) return rights.join(' ');
  return colour.dim(because.length === 0 ? 'nothing' : 'none of these, but what its rules say');
}

function shortArn(arn: string): string {
  const [, , , , account = '', resource = ''] = arn.split(':');
  const kind = resource.slice(0, resource.indexOf('/'));
  return `${kind} ${resource.slice(resource.lastIndexOf('/') + 1)} of ${account}`;
}

import { writeFileSync } from 'node:fs';
import { capacity, type Capacity } from '../lib/capacity/capacity';
import { LEVELS, type Level } from '../lib/capacity/group-capacity';
import { capacityWarnings } from '../lib/capacity/capacity-rules';
import { capacitySvg } from '../lib/capacity/capacity-svg';
import { planFor, type Option, type Wish } from '../lib/capacity/planner';
import { verdict } from '../lib/capacity/verdict';
import { sizeInWords } from '../lib/network/address-plan';
import { addressPlanInput } from '../lib/network/network-rules';
import { isExisting, type PlatformConfig } from '../lib/platform-config';
import { problems } from '../lib/problems';
import { problemList } from '../lib/validate';
import { table } from '../sandbox/table';
import { colour, say } from './use';

/** Options of `hajime capacity`. */
export interface CapacityOptions {
  /** For machines. */
  readonly json?: true;
  /** Where to draw the picture. */
  readonly svg?: string;
}

/** Shows what platforms can hold; false if one has problems. */
export function showCapacity(
  platforms: Readonly<Record<string, PlatformConfig>>,
  { json, svg }: CapacityOptions,
): boolean {
  const found = Object.entries(platforms).map(([name, config]) => ({ name, config, problems: problems(config) }));
  const sound = found.filter((each) => each.problems.length === 0);
  const reckoned = sound.map(({ name, config }) => ({ name, config, now: capacity(config) }));
  if (json === true) {
    const machine = Object.fromEntries([
      ...found.filter((each) => each.problems.length > 0).map(({ name, problems: list }) => [name, { problems: list }]),
      ...reckoned.map(({ name, config, now }) => [
        name,
        { ...now, warnings: capacityWarnings(config, now), verdict: verdict(config, now) },
      ]),
    ]);
    say(JSON.stringify(machine, null, 2));
  } else {
    for (const { name, problems: list } of found.filter((each) => each.problems.length > 0))
      say(problemList(`config/${name}.ts`, list));
    const texts = reckoned.map(({ name, config, now }) => text(name, config, now));
    if (texts.length > 0) say(texts.join('\n\n'));
  }
  const [only] = reckoned;
  if (svg !== undefined && only !== undefined) {
    writeFileSync(svg, capacitySvg(only.name, only.config, only.now));
    if (json !== true) say(`\nThe picture is in ${svg}.`);
  }
  return sound.length === found.length;
}

/** Shows the ways to run so many pods; false if there is none. */
export function showPlan(wish: Wish, { json }: { readonly json?: true }): boolean {
  const options = planFor(wish);
  const chosen = options.find(({ enough }) => enough);
  if (json === true) say(JSON.stringify({ wish, options: options.map(machineOption) }, null, 2));
  else say(planText(wish, options, chosen));
  return chosen !== undefined;
}

function text(name: string, config: PlatformConfig, now: Capacity): string {
  const parts = [
    colour.bold(`${name}: nodes`),
    groupTable(now),
    colour.bold('Subnets, nodes full'),
    subnetTable(now),
    ...sizes(config),
    ...blockTable(now),
    colour.bold('Zones, groups at their maximum'),
    zoneTable(now),
    ...capacityWarnings(config, now).map(({ message }) => `${colour.yellow('!')} ${message}`),
    colour.bold(verdict(config, now)),
  ];
  return parts.join('\n');
}

function groupTable({ groups }: Capacity): string {
  if (groups.length === 0) return 'none';
  const rows = groups.map((group) => [
    group.name,
    group.instanceTypes.join('\n'),
    LEVELS.map((level) => group.nodes[level]).join(' / '),
    `${group.maxPods}\n${colour.dim(group.maxPodsAuthor)}`,
    group.schedulable,
    `${group.addressesPerNode.idle} to ${group.addressesPerNode.full}`,
    ...(groups.some(({ branchInterfaces }) => branchInterfaces !== undefined) ? [group.branchInterfaces ?? ''] : []),
    group.bindsFirst,
  ]);
  return table(
    [
      'Group',
      'Types',
      'Nodes min / desired / max / updating',
      'Max pods',
      'Yours',
      'Addresses of a node',
      ...(groups.some(({ branchInterfaces }) => branchInterfaces !== undefined) ? ['With own groups'] : []),
      'Binds first',
    ],
    rows,
  );
}

function subnetTable({ subnets }: Capacity): string {
  const rows = subnets.map(({ id, cidr, usable, standing, taken }) => [
    id,
    cidr,
    usable,
    standing.map(({ what, addresses }) => `${what} ${addresses}`).join('\n'),
    ...LEVELS.map((level) => share(taken[level], usable)),
  ]);
  return table(['Subnet', 'CIDR', 'Usable', 'Standing there', ...LEVELS.map(title)], rows);
}

/** What the sizes of the config came to. */
function sizes({ network, env }: PlatformConfig): string[] {
  if (isExisting(network)) return [];
  const input = addressPlanInput(network, env.region);
  return (['public', 'nodes', 'intra'] as const).flatMap((tier) => sizeInWords(tier, input) ?? []);
}

/** Whole blocks are told of only where prefixes are used. */
function blockTable({ pools }: Capacity): string[] {
  const rows = pools.flatMap(({ name, blocks }) =>
    blocks === undefined ? [] : [[name, blocks.wanted, blocks.fresh, blocks.fragmented]],
  );
  if (rows.length === 0) return [];
  return [
    colour.bold('/28 blocks, groups at their maximum'),
    table(['Subnets', 'Wanted', 'To be had, fresh', 'To be had, fragmented'], rows),
  ];
}

function zoneTable({ podsByZone, losses }: Capacity): string {
  const rows = losses.map(({ zone, pods, desiredFits }) => [
    zone,
    podsByZone[zone] ?? 0,
    pods,
    desiredFits ? 'yes' : colour.red('no'),
  ]);
  return table(['Zone', 'Pods in it', 'Pods of the rest without it', 'Desired size fits without it'], rows);
}

function share(taken: number, usable: number): string {
  const percent = Math.ceil((taken / usable) * 100);
  const shown = `${taken} ${`(${percent} %)`}`;
  return percent > 100 ? colour.red(`${shown} !`) : percent > 80 ? colour.yellow(shown) : shown;
}

function title(level: Level): string {
  return level === 'update' ? 'Updating' : `${level[0]?.toUpperCase() ?? ''}${level.slice(1)}`;
}

function planText(wish: Wish, options: readonly Option[], chosen: Option | undefined): string {
  const rows = options.map(({ name, config, capacity: now, enough, remark }) => [
    enough ? colour.green('✓') : colour.red('✗'),
    name,
    config.network.cidr,
    now.groups.reduce((sum, { nodes }) => sum + nodes.maximum, 0),
    now.groups[0]?.schedulable ?? 0,
    now.pods,
    remark,
  ]);
  const comparison = table(['', 'Addresses of pods', 'VPC', 'Nodes', 'Pods on one', 'Pods in all', ''], rows);
  const head = colour.bold(`${wish.pods} pods on ${wish.instanceType} in ${wish.zones} zones`);
  if (chosen === undefined) {
    return `${head}\n${comparison}\nNo way that is known here runs ${wish.pods} pods on ${wish.instanceType} in ${wish.zones} zones: take more zones, or a larger --cidr.`;
  }
  const { subnets } = chosen.capacity;
  const cut = table(
    ['Subnet', 'CIDR', 'Usable', 'Taken by it all'],
    subnets.map(({ id, cidr, usable, taken }) => [id, cidr, usable, share(taken.maximum, usable)]),
  );
  return [head, comparison, colour.bold(`With ${chosen.name}, in config/<platform>.ts:`), snippet(chosen), cut].join(
    '\n',
  );
}

/** The parts of the config that make an option, as the user would write them. */
function snippet({ config }: Option): string {
  const { network, cni, nodeGroups } = config;
  const shown = { network, ...(Object.keys(cni ?? {}).length > 0 ? { cni } : {}), nodeGroups };
  return JSON.stringify(shown, null, 2)
    .replace(/"([A-Za-z][A-Za-z0-9]*)":/g, '$1:')
    .replaceAll('"', "'")
    .replace(/^\{\n|\n\}$/g, '')
    .replace(/\[\s+([^\]]*?)\s+\]/g, (_, inside: string) => `[${inside.replace(/\s+/g, ' ')}]`);
}

function machineOption({ name, config, capacity: now, enough, remark }: Option): object {
  const { network, cni, nodeGroups } = config;
  return { name, enough, remark, config: { network, cni, nodeGroups }, capacity: now };
}

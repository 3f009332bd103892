import { element, problem } from '../validate';
import { activeZones, type NetworkSettings } from './network-settings';

/** The zones that get a NAT address: one each, or one in all. */
export function natZones(props: Pick<NetworkSettings, 'nat' | 'natZone' | 'zones'>): string[] {
  const zones = activeZones(props.zones);
  if (props.nat === 'none') return [];
  return props.nat === 'single' ? zones.filter((zone) => zone === (props.natZone ?? zones[0])) : zones;
}

/** Every mistake in how a network reaches the internet. */
export function natProblems(props: NetworkSettings, at: (property: string) => string): string[] {
  const problems: string[] = [];
  const zones = activeZones(props.zones);
  if (props.natZone !== undefined) {
    if (props.nat !== 'single') {
      problems.push(problem(at('natZone'), `goes with \`nat: 'single'\` only, not with '${props.nat}'`, props.natZone));
    } else if (!zones.includes(props.natZone)) {
      problems.push(problem(at('natZone'), `must be a zone in use (${zones.join(', ')})`, props.natZone));
    }
  }
  const given = props.natAllocationIds;
  if (given === undefined) return problems;
  const wanted = natZones(props);
  const ids = Object.values(given);
  for (const [zone, id] of Object.entries(given)) {
    const property = element(at('natAllocationIds'), zone);
    if (!wanted.includes(zone)) {
      const rule =
        wanted.length === 0
          ? "must not be given with `nat: 'none'`"
          : `must be for the zones that have NAT (${wanted.join(', ')})`;
      problems.push(problem(property, rule, zone));
    } else if (!/^eipalloc-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id)) {
      const remedy = 'as `aws ec2 describe-addresses` shows it, such as "eipalloc-0123456789abcdef0"';
      problems.push(problem(property, 'must be the allocation id of an Elastic IP', id, remedy));
    } else if (ids.indexOf(id) !== ids.lastIndexOf(id) && Object.keys(given)[ids.indexOf(id)] !== zone) {
      problems.push(problem(property, 'must be an address of its own: a gateway takes it alone', id));
    }
  }
  const missing = wanted.filter((zone) => given[zone] === undefined);
  if (missing.length > 0) {
    problems.push(
      problem(
        at('natAllocationIds'),
        `must have an address for each zone with NAT`,
        Object.keys(given),
        `add ${missing.join(', ')}`,
      ),
    );
  }
  return problems;
}

import { problem } from '../validate';
import { ADDON_VERSION, schemaFaults, SCHEMAS } from './configuration-schema';
import { placed, toConfiguration, type ConfigurationContext } from './vpc-cni-configuration';
import type { VpcCniContext, VpcCniSettings } from './vpc-cni-settings';

/** The first version of the CNI that knows what stands there; what is older than 1.12 is not listed. */
const SINCE: Readonly<Record<string, string>> = {
  'env.AWS_EXTERNAL_SERVICE_CIDRS': '1.12.6',
  'env.AWS_MANAGE_ENIS_NON_SCHEDULABLE': '1.12.6',
  'env.AWS_EC2_ENDPOINT': '1.13.0',
  'env.DISABLE_LEAKED_ENI_CLEANUP': '1.13.0',
  'env.ENABLE_V6_EGRESS': '1.13.0',
  enableNetworkPolicy: '1.14.0',
  'env.DISABLE_POD_V6': '1.15.0',
  'env.IP_COOLDOWN_PERIOD': '1.15.0',
  'env.ENABLE_V4_EGRESS': '1.15.1',
  'env.POD_MTU': '1.16.4',
  'env.NETWORK_POLICY_ENFORCING_MODE': '1.17.1',
  'env.ENABLE_SUBNET_DISCOVERY': '1.18.0',
  'env.ENABLE_MULTI_NIC': '1.20.0',
};

/** What the version of the add-on does not know: by its own schema if it is kept here, else by when the CNI got it. */
export function versionProblems(
  settings: VpcCniSettings,
  { ipFamily, addonVersion }: VpcCniContext,
  at: (property: string) => string,
  schemas = SCHEMAS,
): readonly string[] {
  if (addonVersion === undefined || !ADDON_VERSION.test(addonVersion)) return [];
  return [
    ...(schemaProblems(settings, addonVersion, ipFamily, at, schemas) ??
      sinceProblems(settings, addonVersion, ipFamily, at)),
    ...trunkProblems(settings, addonVersion, ipFamily, at),
  ];
}

/** Whether the settings cannot be held against a schema, because that of the version is not kept here. */
export function schemaIsUnknown(settings: VpcCniSettings, { ipFamily, addonVersion }: VpcCniContext): boolean {
  const configuration = toConfiguration(settings, stub(ipFamily));
  return (
    addonVersion !== undefined &&
    ADDON_VERSION.test(addonVersion) &&
    configuration !== undefined &&
    schemaFaults(addonVersion, configuration) === undefined
  );
}

function schemaProblems(
  settings: VpcCniSettings,
  addonVersion: string,
  ipFamily: VpcCniContext['ipFamily'],
  at: (property: string) => string,
  schemas: string,
): string[] | undefined {
  const places = placed(settings, stub(ipFamily));
  const faults = schemaFaults(addonVersion, toConfiguration(settings, stub(ipFamily)) ?? {}, schemas);
  return faults?.map(({ path, rule }) => {
    const from = places.find(
      (place) =>
        place.path === path ||
        path.startsWith(`${place.path}.`) ||
        (rule === undefined && place.path.startsWith(`${path}.`)),
    )?.setting;
    if (from === undefined) {
      // not of one setting: the schema asks for more than this project writes
      const place = ['configurationValues', path].filter((step) => step !== '').join('.');
      return problem(place, `is refused by the schema of vpc-cni ${addonVersion}: ${rule ?? 'unknown'}`, undefined);
    }
    return rule === undefined
      ? problem(
          at(from),
          `must not be given with vpc-cni ${addonVersion}, whose schema has no \`${path}\``,
          settings[from],
          'take it out or use a newer version',
        )
      : problem(at(from), `is refused by the schema of vpc-cni ${addonVersion}: \`${path}\` ${rule}`, settings[from]);
  });
}

function sinceProblems(
  settings: VpcCniSettings,
  addonVersion: string,
  ipFamily: VpcCniContext['ipFamily'],
  at: (property: string) => string,
): string[] {
  const tooNew = placed(settings, stub(ipFamily)).filter(({ path }) => isOlder(addonVersion, SINCE[path] ?? '0.0.0'));
  return tooNew.map(({ path, setting }) =>
    problem(
      at(setting),
      `needs VPC CNI ${SINCE[path]} or later (\`${path}\`), and the add-on is ${addonVersion}`,
      settings[setting],
    ),
  );
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html */
function trunkProblems(
  { podSecurityGroups }: VpcCniSettings,
  addonVersion: string,
  ipFamily: VpcCniContext['ipFamily'],
  at: (property: string) => string,
): string[] {
  if (podSecurityGroups === undefined || ipFamily !== 'ipv6' || !isOlder(addonVersion, '1.16.0')) return [];
  const rule = `needs VPC CNI 1.16.0 or later on an IPv6 cluster, and the add-on is ${addonVersion}`;
  return [problem(at('podSecurityGroups'), rule, podSecurityGroups)];
}

/** A schema looks at the form only, so ids that are not known yet are as good as any. */
function stub(ipFamily: VpcCniContext['ipFamily']): ConfigurationContext {
  return { ipFamily, region: 'region', podSubnetIds: { zone: 'subnet' } };
}

function isOlder(addonVersion: string, than: string): boolean {
  const [a, b] = [ADDON_VERSION.exec(addonVersion)?.slice(1) ?? [], than.split('.')];
  const first = [0, 1, 2].find((index) => Number(a[index]) !== Number(b[index]));
  return first !== undefined && Number(a[first]) < Number(b[first]);
}

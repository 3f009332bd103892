import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDON_VERSION, schemaFaults, SCHEMAS } from '../../lib/cni/configuration-schema';
import { vpcCniProblems } from '../../lib/cni/vpc-cni-rules';
import { versionProblems } from '../../lib/cni/version-rules';
import type { VpcCniSettings } from '../../lib/cni/vpc-cni-settings';

const known = 'v1.15.1-eksbuild.1';

test.each(readdirSync(SCHEMAS))('%s says what it is of and where it was read', (file) => {
  const { addonName, addonVersion, source, readOn, configurationSchema } = JSON.parse(
    readFileSync(join(SCHEMAS, file), 'utf8'),
  );
  expect({ addonName, addonVersion }).toEqual({ addonName: 'vpc-cni', addonVersion: file.replace(/\.json$/, '') });
  expect(addonVersion).toMatch(ADDON_VERSION);
  expect(source).toMatch(/^https:|^eks:DescribeAddonConfiguration, /);
  expect(readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(configurationSchema).toMatchObject({ definitions: {} });
  expect(schemaFaults(addonVersion, {})).toEqual([]);
});

test.each([
  [{}, []],
  [{ enableNetworkPolicy: 'true', env: { WARM_IP_TARGET: '2', ENABLE_POD_ENI: '1' } }, []],
  [{ resources: { limits: { cpu: '1' } }, tolerations: [{}], livenessProbeTimeoutSeconds: 5 }, []],
  [{ env: { ENABLE_MULTI_NIC: 'true' } }, [{ path: 'env.ENABLE_MULTI_NIC', rule: undefined }]],
  [{ nodeAgent: { logLevel: 'info' } }, [{ path: 'nodeAgent.logLevel', rule: undefined }]],
  [{ extraEnv: [] }, [{ path: 'extraEnv', rule: undefined }]],
  [{ enableNetworkPolicy: true }, [{ path: 'enableNetworkPolicy', rule: 'must be string' }]],
  [{ env: { WARM_IP_TARGET: 'two' } }, [{ path: 'env.WARM_IP_TARGET', rule: 'must match format "integer"' }]],
  [{ env: { ENABLE_POD_ENI: 'yes' } }, [{ path: 'env.ENABLE_POD_ENI', rule: 'must match format "boolean"' }]],
  [
    { eniConfig: { create: true, region: 'eu-west-1', subnets: {} } },
    [{ path: 'eniConfig.subnets', rule: 'must NOT have fewer than 1 properties' }],
  ],
  [
    { env: { A: '1', B: '2' } },
    [
      { path: 'env.A', rule: undefined },
      { path: 'env.B', rule: undefined },
    ],
  ],
])('the configuration %j is held against the schema of its version', (configuration, faults) => {
  expect(schemaFaults(known, configuration)).toEqual(faults);
});

test.each(['v1.15.2-eksbuild.1', 'v1.15.1-eksbuild.2', '../schemas/v1.15.1-eksbuild.1', 'latest', ''])(
  'without a schema of the very version %j nothing is said',
  (version) => {
    expect(schemaFaults(version, { nonsense: true })).toBeUndefined();
  },
);

const resources = { requests: { cpu: '50m' } };

/** Everything that version takes. */
const TAKEN: VpcCniSettings = {
  prefixDelegation: true,
  warmIpTarget: 2,
  minimumIpTarget: 10,
  maxEni: 3,
  ipCooldownSeconds: 60,
  additionalEniTags: { team: 'shop' },
  leakedEniCleanup: false,
  manageEnisNonSchedulable: true,
  customNetworking: { cidrs: ['100.64.0.0/16'], securityGroupIds: ['sg-01234567'] },
  podSecurityGroups: {},
  networkPolicy: { eventLogs: true, cloudWatchLogs: true },
  excludeSnatCidrs: ['192.168.0.0/16'],
  randomizeSnat: 'none',
  externalServiceCidrs: ['10.9.0.0/24'],
  eniMtu: 1500,
  nodePortSupport: false,
  v6Egress: true,
  vethPrefix: 'pod',
  logLevel: 'INFO',
  pluginLogLevel: 'INFO',
  logFile: 'stdout',
  pluginLogFile: 'stderr',
  metrics: false,
  introspection: false,
  annotatePodIp: true,
  ec2Endpoint: 'https://ec2.internal',
  windowsIpam: true,
  livenessProbeTimeoutSeconds: 30,
  readinessProbeTimeoutSeconds: 30,
  resources,
  tolerations: [{ operator: 'Exists' }],
};

test('what a version takes is no problem', () => {
  expect(vpcCniProblems(TAKEN, 'cni', { addonVersion: known })).toEqual([]);
});

test.each<[VpcCniSettings, string]>([
  [
    { subnetDiscovery: false },
    '`cni.subnetDiscovery` must not be given with vpc-cni v1.15.1-eksbuild.1, whose schema has no `env.ENABLE_SUBNET_DISCOVERY`, got false; take it out or use a newer version',
  ],
  [
    { podMtu: 1400 },
    '`cni.podMtu` must not be given with vpc-cni v1.15.1-eksbuild.1, whose schema has no `env.POD_MTU`, got 1400; take it out or use a newer version',
  ],
  [
    { networkPolicy: { enforcingMode: 'strict' } },
    '`cni.networkPolicy` must not be given with vpc-cni v1.15.1-eksbuild.1, whose schema has no `env.NETWORK_POLICY_ENFORCING_MODE`, got {"enforcingMode":"strict"}; take it out or use a newer version',
  ],
  [
    { multiNic: true },
    '`cni.multiNic` must not be given with vpc-cni v1.15.1-eksbuild.1, whose schema has no `env.ENABLE_MULTI_NIC`, got true; take it out or use a newer version',
  ],
])('%j is a problem that names the setting and the key', (settings, line) => {
  expect(vpcCniProblems(settings, 'cni', { addonVersion: known })).toEqual([line]);
});

describe('other schemas', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'schemas-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const keep = (version: string, configurationSchema: unknown): void =>
    writeFileSync(join(folder, `${version}.json`), JSON.stringify({ configurationSchema }));

  test('a list of words is told', () => {
    keep('v9.0.0-eksbuild.1', { properties: { mode: { enum: ['standard', 'strict'] } } });
    expect(schemaFaults('v9.0.0-eksbuild.1', { mode: 'none' }, folder)).toEqual([
      { path: 'mode', rule: 'must be equal to one of the allowed values (standard, strict)' },
    ]);
  });

  test('what else a schema refuses names the setting, the place and the rule', () => {
    keep('v9.0.4-eksbuild.1', {
      required: ['image'],
      properties: {
        env: { required: ['REGION'], properties: { AWS_VPC_K8S_CNI_LOGLEVEL: { enum: ['INFO', 'WARN'] } } },
        resources: { properties: { limits: { required: ['cpu'] } } },
      },
    });
    const context = { addonVersion: 'v9.0.4-eksbuild.1' };
    const at = (property: string): string => `cni.${property}`;
    const settings: VpcCniSettings = { logLevel: 'DEBUG', resources: { limits: {} } };
    expect(versionProblems(settings, context, at, folder)).toEqual([
      "`configurationValues` is refused by the schema of vpc-cni v9.0.4-eksbuild.1: must have required property 'image', got nothing",
      "`configurationValues.env` is refused by the schema of vpc-cni v9.0.4-eksbuild.1: must have required property 'REGION', got nothing",
      '`cni.logLevel` is refused by the schema of vpc-cni v9.0.4-eksbuild.1: `env.AWS_VPC_K8S_CNI_LOGLEVEL` must be equal to one of the allowed values (INFO, WARN), got "DEBUG"',
      '`cni.resources` is refused by the schema of vpc-cni v9.0.4-eksbuild.1: `resources.limits` must have required property \'cpu\', got {"limits":{}}',
    ]);
  });

  test('a whole group of places that a schema lacks is a problem of the setting that uses it', () => {
    keep('v9.0.5-eksbuild.1', { properties: { enableNetworkPolicy: {} }, additionalProperties: false });
    const settings: VpcCniSettings = { networkPolicy: { eventLogs: true } };
    expect(versionProblems(settings, { addonVersion: 'v9.0.5-eksbuild.1' }, (name) => name, folder)).toEqual([
      '`networkPolicy` must not be given with vpc-cni v9.0.5-eksbuild.1, whose schema has no `nodeAgent`, got {"eventLogs":true}; take it out or use a newer version',
    ]);
  });

  test('a schema is compiled once', () => {
    keep('v9.0.1-eksbuild.1', { additionalProperties: false });
    expect(schemaFaults('v9.0.1-eksbuild.1', { a: 1 }, folder)).toHaveLength(1);
    rmSync(join(folder, 'v9.0.1-eksbuild.1.json'));
    expect(schemaFaults('v9.0.1-eksbuild.1', { a: 1 }, folder)).toHaveLength(1);
  });

  test('a format nobody knows is let through', () => {
    keep('v9.0.2-eksbuild.1', { properties: { a: { format: 'moon' } } });
    expect(schemaFaults('v9.0.2-eksbuild.1', { a: 'x' }, folder)).toEqual([]);
  });

  test('a file without a schema is refused by name', () => {
    writeFileSync(join(folder, 'v9.0.3-eksbuild.1.json'), '{}');
    expect(() => schemaFaults('v9.0.3-eksbuild.1', {}, folder)).toThrow(
      /v9\.0\.3-eksbuild\.1\.json holds no schema; `npm run refresh:cni-schema` makes it anew$/,
    );
  });
});

import { stringify } from 'yaml';
import type { PlatformConfig } from '../../platform-config';
import { streamName } from '../deployed';
import { fargateRouterConfig } from './fargate-router';
import { fluentBitConfig } from './fluent-bit';
import { baseManifests, CONFIG_MAP, STREAM_MAP, type Manifest } from './manifests';

/** The folder of the agents' files, from the root of the project. */
export const AGENT_FOLDER = 'k8s/addons/logging';

/** Where the head of every file says it comes from. */
const HEAD = '# Rendered by `npm run render:agents` from lib/logs/agents and config/.\n';

/** What of a platform's config the files depend on. */
export type AgentPlatform = Pick<PlatformConfig, 'env' | 'logs' | 'fargateProfiles' | 'nodeGroups'>;

/**
 * Every file of the agents, by its path below {@link AGENT_FOLDER}: what all platforms share, and for each with a log
 * pipeline an overlay that names its stream.
 */
export function agentFiles(platforms: Readonly<Record<string, AgentPlatform>>): Readonly<Record<string, string>> {
  const manifests = baseManifests();
  const base: Record<string, string> = {
    'base/kustomization.yaml': yaml({
      ...KUSTOMIZATION,
      resources: Object.keys(manifests).map((name) => `${name}.yaml`),
      configMapGenerator: [{ name: CONFIG_MAP.name, namespace: 'logging', files: [CONFIG_MAP.key] }],
    }),
    [`base/${CONFIG_MAP.key}`]: HEAD + fluentBitConfig(),
  };
  for (const [name, manifest] of Object.entries(manifests)) base[`base/${name}.yaml`] = yaml(manifest);
  const overlays = Object.entries(platforms).flatMap(([name, config]) =>
    config.logs === undefined
      ? []
      : Object.entries(overlay(name, config)).map(([file, text]): [string, string] => [
          `overlays/${name}/${file}`,
          text,
        ]),
  );
  return { ...base, ...Object.fromEntries(overlays) };
}

const KUSTOMIZATION = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };

function overlay(name: string, { env, logs, fargateProfiles = {} }: AgentPlatform): Record<string, string> {
  const stream = streamName(name);
  const onFargate = Object.keys(fargateProfiles).length > 0;
  const kustomization: Manifest = {
    ...KUSTOMIZATION,
    resources: ['../../base', ...(onFargate ? ['fargate.yaml'] : [])],
    configMapGenerator: [{ name: STREAM_MAP.name, namespace: 'logging', literals: [`${STREAM_MAP.key}=${stream}`] }],
    ...(onFargate ? { patches: [{ target: { kind: 'DaemonSet', name: 'fluent-bit' }, patch: NOT_ON_FARGATE }] } : {}),
  };
  if (!onFargate) return { 'kustomization.yaml': yaml(kustomization) };
  const data = fargateRouterConfig({ region: env.region, stream, aggregation: logs?.fargateAggregation ?? false });
  return {
    'kustomization.yaml': yaml(kustomization),
    'fargate.yaml': yaml(
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'aws-observability', labels: { 'aws-observability': 'enabled' } },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'aws-logging', namespace: 'aws-observability' },
        data,
      },
    ),
  };
}

/** A pod of the agents would wait for ever for a place beside the one pod of a Fargate node. */
const NOT_ON_FARGATE = stringify([
  {
    op: 'add',
    path: '/spec/template/spec/affinity',
    value: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] }] },
          ],
        },
      },
    },
  },
]);

function yaml(...documents: readonly Manifest[]): string {
  return (
    HEAD +
    documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
  );
}

import { integer, listOf, mapOf, object, oneOf, optional, text, type Check } from '../shape';
import { element, problem, within } from '../validate';
import { AMI_TYPES, architectureOf, defaultAmiType } from './ami-type';
import { instanceFacts, nearestInstanceType } from './instance-types';
import type { NodeGroupSettings, NodeScaling, NodeTaint } from './node-group';

/** The form of {@link NodeGroupSettings}, row by row, for the config to add its own to. */
export const nodeGroupRows = {
  instanceTypes: listOf(text),
  scaling: object<NodeScaling>({ min: integer(0), desired: optional(integer(0)), max: integer(1, 450) }),
  amiType: optional(oneOf(...Object.keys(AMI_TYPES))),
  capacityType: optional(oneOf('ON_DEMAND', 'SPOT')),
  diskSizeGiB: optional(integer(1, 16384)),
  labels: optional(
    mapOf((value, property) => (typeof value === 'string' ? [] : [problem(property, 'must be a text', value)])),
  ),
  taints: optional(
    listOf(
      object<NodeTaint>({
        key: text,
        value: optional(text),
        effect: oneOf('NO_SCHEDULE', 'PREFER_NO_SCHEDULE', 'NO_EXECUTE'),
      }),
    ),
  ),
  maxPods: optional(integer(1, 737)),
  maxUnavailable: optional(integer(1, 100)),
  autoRepair: optional((value, property) =>
    typeof value === 'boolean' ? [] : [problem(property, 'must be true or false', value)],
  ),
  metadataHopLimit: optional(integer(1, 64)),
  releaseVersion: optional(text),
} satisfies Record<keyof Required<NodeGroupSettings>, Check>;

/** Every mistake in a node group's own settings. */
export function nodeGroupProblems(settings: NodeGroupSettings, holder = ''): string[] {
  const at = (property: string): string => within(holder, property);
  return [
    ...instanceTypeProblems(settings, at),
    ...scalingProblems(settings.scaling, at('scaling')),
    ...labelProblems(settings.labels ?? {}, at('labels')),
    ...taintProblems(settings.taints ?? [], at('taints')),
  ];
}

function instanceTypeProblems(settings: NodeGroupSettings, at: (property: string) => string): string[] {
  const { instanceTypes } = settings;
  if (instanceTypes.length === 0 || instanceTypes.length > 20) {
    return [problem(at('instanceTypes'), 'must hold 1 to 20 instance types', instanceTypes.length)];
  }
  const unknown = instanceTypes.flatMap((type, index) =>
    instanceFacts(type) === undefined
      ? [
          problem(
            at(`instanceTypes[${index}]`),
            'must be an EC2 instance type known here',
            type,
            nearestInstanceType(type),
          ),
        ]
      : [],
  );
  const twice = instanceTypes.flatMap((type, index) =>
    instanceTypes.indexOf(type) === index
      ? []
      : [problem(at(`instanceTypes[${index}]`), 'must not name a type twice', type)],
  );
  const amiType = settings.amiType ?? defaultAmiType(instanceTypes);
  const { architecture } = AMI_TYPES[amiType];
  const strangers = instanceTypes.flatMap((type, index) =>
    architectureOf(type) === architecture
      ? []
      : [
          problem(
            at(`instanceTypes[${index}]`),
            `must be for ${architecture}, as ${settings.amiType === undefined ? 'the first type' : `\`amiType\` ${amiType}`} is`,
            type,
            'one group runs one image: make a second group',
          ),
        ],
  );
  return [...unknown, ...twice, ...strangers];
}

/** The rule of order on a group's numbers. */
export function scalingProblems({ min, desired, max }: NodeScaling, property: string): string[] {
  const problems: string[] = [];
  if (min > max) problems.push(problem(within(property, 'min'), `must not exceed \`max\` (${max})`, min));
  if (desired !== undefined && desired < min) {
    problems.push(problem(within(property, 'desired'), `must not be below \`min\` (${min})`, desired));
  }
  if (desired !== undefined && desired > max) {
    problems.push(problem(within(property, 'desired'), `must not exceed \`max\` (${max})`, desired));
  }
  return problems;
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

function keyProblems(key: string, property: string, got: string): string[] {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  const formed =
    more.length === 0 && NAME.test(name) && (prefix === undefined || PREFIX.test(prefix)) && key.length <= 63;
  return formed
    ? []
    : [problem(property, 'must be a Kubernetes key of at most 63 characters', got, 'such as "example.com/team"')];
}

function labelProblems(labels: Readonly<Record<string, string>>, holder: string): string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const at = element(holder, key);
    const problems = keyProblems(key, at, key);
    const prefix = key.includes('/') ? (key.split('/')[0] ?? '') : '';
    if (/(^|\.)(kubernetes\.io|k8s\.io)$/.test(prefix) && !/^(topology|node)\.kubernetes\.io$/.test(prefix)) {
      problems.push(
        problem(at, `must not use ${prefix}: kubelet may not set labels under it`, key, 'use a prefix of your own'),
      );
    }
    if (/(^|\.)eks\.amazonaws\.com$/.test(prefix))
      problems.push(problem(at, 'must not use eks.amazonaws.com: it belongs to EKS', key));
    if (value !== '' && !NAME.test(value))
      problems.push(problem(at, 'must be a label value of at most 63 letters, digits, `-`, `_` and `.`', value));
    return problems;
  });
}

function taintProblems(taints: readonly NodeTaint[], holder: string): string[] {
  const tooMany = taints.length > 50 ? [problem(holder, 'must hold at most 50 taints', taints.length)] : [];
  const each = taints.flatMap(({ key, value, effect }, index) => {
    const at = within(holder, `[${index}]`);
    const problems = keyProblems(key, within(at, 'key'), key);
    if (value !== undefined && !NAME.test(value))
      problems.push(problem(within(at, 'value'), 'must be at most 63 letters, digits, `-`, `_` and `.`', value));
    if (taints.findIndex((other) => other.key === key && other.effect === effect) !== index) {
      problems.push(problem(at, 'must not repeat a key with the same effect', `${key}:${effect}`));
    }
    return problems;
  });
  return [...tooMany, ...each];
}

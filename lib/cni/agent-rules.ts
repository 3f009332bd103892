import { problem, within } from '../validate';
import type { AgentResources, AgentToleration } from './agent-settings';
import type { VpcCniSettings } from './vpc-cni-settings';

/** Mistakes in the pods of the CNI itself. */
export function agentProblems(
  settings: VpcCniSettings,
  ipv6: boolean,
  at: (property: string) => string,
): readonly string[] {
  const { ec2Endpoint, pluginLogFile, resources = {}, tolerations = [], windowsIpam } = settings;
  const problems: string[] = [];
  if (pluginLogFile === 'stdout') {
    const rule = "must not be stdout, where kubelet reads the plugin's answer: the CNI does not start";
    problems.push(problem(at('pluginLogFile'), rule, pluginLogFile, 'use "stderr" or a file'));
  }
  if (ec2Endpoint !== undefined && !/^https?:\/\/[^/\s]+\/?$/.test(ec2Endpoint)) {
    const remedy = 'such as "https://ec2.eu-west-1.amazonaws.com"';
    problems.push(problem(at('ec2Endpoint'), 'must be the address of an endpoint', ec2Endpoint, remedy));
  }
  if (windowsIpam === true && ipv6) {
    const rule = 'must not be on with an IPv6 cluster, which runs no Windows pods';
    problems.push(problem(at('windowsIpam'), rule, windowsIpam));
  }
  return [
    ...problems,
    ...resourceProblems(resources, at('resources')),
    ...tolerations.flatMap((toleration, index) =>
      tolerationProblems(toleration, within(at('tolerations'), `[${index}]`)),
    ),
  ];
}

/** How many of one unit each suffix is. */
const SUFFIXES = {
  cpu: { m: 1e-3, '': 1 },
  memory: { '': 1, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 },
} as const;

const EXAMPLES = { cpu: '"50m" or "0.5"', memory: '"128Mi"' } as const;

function resourceProblems(resources: AgentResources, holder: string): string[] {
  const { requests = {}, limits = {} } = resources;
  return (['cpu', 'memory'] as const).flatMap((resource) => {
    const malformed = (['requests', 'limits'] as const).flatMap((part) => {
      const written = resources[part]?.[resource];
      if (written === undefined || (amount(written, resource) ?? 0) > 0) return [];
      const at = within(within(holder, part), resource);
      return [problem(at, `must be an amount of ${resource} above 0`, written, `such as ${EXAMPLES[resource]}`)];
    });
    const [asked, limit] = [requests[resource], limits[resource]];
    if (malformed.length > 0 || asked === undefined || limit === undefined) return malformed;
    if ((amount(asked, resource) ?? 0) <= (amount(limit, resource) ?? 0)) return [];
    const at = within(within(holder, 'requests'), resource);
    return [problem(at, `must not exceed \`limits.${resource}\` (${limit}): Kubernetes refuses the pods`, asked)];
  });
}

/** A Kubernetes quantity as a number; undefined if it is none. */
function amount(quantity: string, resource: keyof typeof SUFFIXES): number | undefined {
  const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = Object.entries(SUFFIXES[resource]).find(([name]) => name === suffix)?.[1];
  return digits === '' || factor === undefined ? undefined : Number(digits) * factor;
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerationProblems(toleration: AgentToleration, holder: string): string[] {
  const { key, operator = 'Equal', value, effect, tolerationSeconds } = toleration;
  const problems: string[] = [];
  if (key === undefined && operator === 'Equal') {
    problems.push(problem(holder, "must have a key unless its operator is 'Exists'", toleration));
  }
  if (operator === 'Exists' && value !== undefined) {
    problems.push(problem(within(holder, 'value'), "must not be given with the operator 'Exists'", value));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const rule = "goes with the effect 'NoExecute' only";
    problems.push(problem(within(holder, 'tolerationSeconds'), rule, tolerationSeconds));
  }
  return problems;
}

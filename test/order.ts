import type { Resource, SynthesizedStack } from './synthesized';

/** A thing that is made: stack, logical id. */
interface Step {
  readonly stack: string;
  readonly id: string;
  readonly resource: Resource;
}

/** The edges of the deploy order, by the names a person would use for them. */
export const EDGES: Readonly<
  Record<string, { readonly first: (step: Step) => boolean; readonly then: (step: Step) => boolean }>
> = {
  'vpc-cni before nodes': { first: addon('vpc-cni'), then: isCapacity },
  'kube-proxy before nodes': { first: addon('kube-proxy'), then: isCapacity },
  'pod identity agent before nodes': { first: addon('eks-pod-identity-agent'), then: isCapacity },
  'pod identity agent before vpc-cni': { first: addon('eks-pod-identity-agent'), then: addon('vpc-cni') },
  'nodes before CoreDNS': { first: isCapacity, then: addon('coredns') },
  'NAT routes before nodes': { first: isNatRoute, then: isCapacity },
  'log group before the cluster': { first: isControlPlaneLog, then: isCluster },
  "the writer's access entry before its first write": { first: isWriterEntry, then: isWrite },
  'the way into the API before the first write': { first: isWayIn, then: isWrite },
};

/** Which edges of {@link EDGES} a platform breaks: nothing in its templates makes the second wait for the first. */
export function brokenEdges(stacks: Readonly<Record<string, SynthesizedStack>>): string[] {
  const steps = Object.values(stacks).flatMap(({ id: stack, template }) =>
    Object.entries(template.Resources).map(([id, resource]): Step => ({ stack, id, resource })),
  );
  return Object.entries(EDGES).flatMap(([name, { first, then }]) => {
    const firsts = steps.filter(first);
    const holds = steps.filter(then).every((later) => firsts.every((earlier) => waits(stacks, later, earlier)));
    return holds ? [] : [name];
  });
}

/** Whether a control plane would wait for NAT, which costs minutes for nothing. */
export function clusterWaitsForEgress(stacks: Readonly<Record<string, SynthesizedStack>>): boolean {
  return stacksBefore(stacks, 'Cluster').has('Egress');
}

function waits(stacks: Readonly<Record<string, SynthesizedStack>>, later: Step, earlier: Step): boolean {
  if (later.stack !== earlier.stack) return stacksBefore(stacks, later.stack).has(earlier.stack);
  return resourcesBefore(stacks[later.stack], later.id).has(earlier.id);
}

function stacksBefore(
  stacks: Readonly<Record<string, SynthesizedStack>>,
  id: string,
  seen = new Set<string>(),
): Set<string> {
  for (const before of stacks[id]?.waitsFor ?? []) {
    if (seen.has(before)) continue;
    seen.add(before);
    stacksBefore(stacks, before, seen);
  }
  return seen;
}

function resourcesBefore(stack: SynthesizedStack | undefined, id: string, seen = new Set<string>()): Set<string> {
  const resources = stack?.template.Resources ?? {};
  const resource = resources[id];
  if (resource === undefined) return seen;
  const referred = [
    ...JSON.stringify(resource.Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\s*\[?"([A-Za-z0-9]+)"/g),
  ].map(([, name = '']) => name);
  for (const before of [...(resource.DependsOn ?? []), ...referred]) {
    if (before === id || seen.has(before) || resources[before] === undefined) continue;
    seen.add(before);
    resourcesBefore(stack, before, seen);
  }
  return seen;
}

function addon(name: string): (step: Step) => boolean {
  return ({ resource }) => resource.Type === 'AWS::EKS::Addon' && resource.Properties?.AddonName === name;
}

function isCapacity({ resource }: Step): boolean {
  return resource.Type === 'AWS::EKS::Nodegroup' || resource.Type === 'AWS::EKS::FargateProfile';
}

function isCluster({ resource }: Step): boolean {
  return resource.Type === 'AWS::EKS::Cluster';
}

function isControlPlaneLog({ resource }: Step): boolean {
  return resource.Type === 'AWS::Logs::LogGroup' && String(resource.Properties?.LogGroupName).startsWith('/aws/eks/');
}

function isNatRoute({ resource }: Step): boolean {
  return resource.Type === 'AWS::EC2::Route' && resource.Properties?.NatGatewayId !== undefined;
}

function isWrite({ resource }: Step): boolean {
  return resource.Type === 'Custom::KotohajimeAwsAuth';
}

function isWriterEntry({ id, resource }: Step): boolean {
  return resource.Type === 'AWS::EKS::AccessEntry' && id.includes('WriterAccess');
}

function isWayIn({ id, resource }: Step): boolean {
  return resource.Type === 'AWS::EC2::SecurityGroupIngress' && id.includes('WriterToApi');
}

import type { Bootstrap } from './ami-type';

/**
 * The start-up settings of a node, base64 as a launch template takes them. EKS adds its own part to these.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/ and https://bottlerocket.dev settings.kubernetes
 */
export function userData(bootstrap: Bootstrap, maxPods: number): string {
  return Buffer.from(RENDERED[bootstrap](maxPods)).toString('base64');
}

const RENDERED: Readonly<Record<Bootstrap, (maxPods: number) => string>> = {
  nodeadm: (maxPods) =>
    [
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="kotohajime"',
      '',
      '--kotohajime',
      'Content-Type: application/node.eks.aws',
      '',
      'apiVersion: node.eks.aws/v1alpha1',
      'kind: NodeConfig',
      'spec:',
      '  kubelet:',
      '    config:',
      `      maxPods: ${maxPods}`,
      '',
      '--kotohajime--',
      '',
    ].join('\n'),
  bottlerocket: (maxPods) => `[settings.kubernetes]\nmax-pods = ${maxPods}\n`,
};

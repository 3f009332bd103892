import { compareMinors, knownMinors } from '../cluster/kubernetes-versions';

/** Add-on versions by name. */
export type AddonVersions = Readonly<Record<string, string>>;

/**
 * The add-on versions of each Kubernetes minor. They are pinned here and never asked for at synth.
 *
 * The set that cdk-eks-blueprints 1.19.0 ships, read on 2026-11-23. `npm run refresh:versions` asks EKS for what your
 * account is offered and shows the difference.
 *
 * @see DescribeAddonVersions in the Amazon EKS API reference
 */
export const ADDON_VERSIONS: Readonly<Record<string, AddonVersions>> = {
  '1.31': {
    'vpc-cni': 'v1.20.4-eksbuild.2',
    'kube-proxy': 'v1.31.10-eksbuild.12',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    coredns: 'v1.11.3-eksbuild.1',
    'aws-ebs-csi-driver': 'v1.56.0-eksbuild.1',
  },
  '1.32': {
    'vpc-cni': 'v1.20.4-eksbuild.2',
    'kube-proxy': 'v1.32.6-eksbuild.12',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    coredns: 'v1.11.4-eksbuild.2',
    'aws-ebs-csi-driver': 'v1.56.0-eksbuild.1',
  },
  '1.33': {
    'vpc-cni': 'v1.20.4-eksbuild.2',
    'kube-proxy': 'v1.33.3-eksbuild.4',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    coredns: 'v1.12.1-eksbuild.2',
    'aws-ebs-csi-driver': 'v1.56.0-eksbuild.1',
  },
  '1.34': {
    'vpc-cni': 'v1.20.4-eksbuild.2',
    'kube-proxy': 'v1.34.0-eksbuild.2',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    coredns: 'v1.12.3-eksbuild.1',
    'aws-ebs-csi-driver': 'v1.56.0-eksbuild.1',
  },
  '1.35': {
    'vpc-cni': 'v1.21.1-eksbuild.1',
    'kube-proxy': 'v1.35.0-eksbuild.2',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    coredns: 'v1.13.2-eksbuild.3',
    'aws-ebs-csi-driver': 'v1.57.1-eksbuild.1',
  },
};

/** The pinned version of an add-on for a Kubernetes minor; for a minor newer than the table, none. */
export function pinnedAddonVersion(addonName: string, kubernetesVersion: string): string | undefined {
  return compareMinors(kubernetesVersion, knownMinors().newest) > 0
    ? undefined
    : ADDON_VERSIONS[kubernetesVersion]?.[addonName];
}

import type { Permission } from './access-grant';

/**
 * The EKS access policy that permits what a Kubernetes role does.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export const ACCESS_POLICIES: Readonly<Record<Permission, string>> = {
  'cluster-admin': 'AmazonEKSClusterAdminPolicy',
  admin: 'AmazonEKSAdminPolicy',
  edit: 'AmazonEKSEditPolicy',
  view: 'AmazonEKSViewPolicy',
  'read-all': 'AmazonEKSAdminViewPolicy',
};

/** The ARN of an EKS access policy. */
export function accessPolicyArn(partition: string, policy: string): string {
  return `arn:${partition}:eks::aws:cluster-access-policy/${policy}`;
}

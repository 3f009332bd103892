import type { PolicyRule } from './rbac-objects';
import read from './access-policies.json';

/**
 * What EKS' access policies permit, by name: those whose rules AWS publishes.
 *
 * The others are for EKS' own parts, and say in words only what they are for. Where and when the rules were read, the
 * file says itself.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export const ACCESS_POLICY_RULES: Readonly<Record<string, readonly PolicyRule[]>> = read.policies;

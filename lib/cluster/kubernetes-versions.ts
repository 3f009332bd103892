/** When EKS supports a Kubernetes minor; dates as `2027-03-27`. */
export interface KubernetesSupport {
  /** The last day of standard support. */
  readonly standardUntil: string;
  /** The last day of extended support, which is charged for. */
  readonly extendedUntil: string;
}

/**
 * The Kubernetes minors this project knows, read on 2026-11-23.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export const KUBERNETES_VERSIONS: Readonly<Record<string, KubernetesSupport>> = {
  '1.31': { standardUntil: '2025-11-26', extendedUntil: '2026-11-26' },
  '1.32': { standardUntil: '2026-03-23', extendedUntil: '2027-03-23' },
  '1.33': { standardUntil: '2026-07-29', extendedUntil: '2027-07-29' },
  '1.34': { standardUntil: '2026-12-02', extendedUntil: '2027-12-02' },
  '1.35': { standardUntil: '2027-03-27', extendedUntil: '2028-03-27' },
};

/** Compares minors such as `1.9` and `1.35` by number: negative if `a` is older. */
export function compareMinors(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** The oldest and the newest minor in {@link KUBERNETES_VERSIONS}. */
export function knownMinors(): { readonly oldest: string; readonly newest: string } {
  const [oldest = '', ...rest] = Object.keys(KUBERNETES_VERSIONS).sort(compareMinors);
  return { oldest, newest: rest.at(-1) ?? oldest };
}

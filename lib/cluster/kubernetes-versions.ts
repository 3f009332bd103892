import pinned from './kubernetes-versions.json';

/** When EKS supports a Kubernetes minor; dates as `2027-03-27`. */
export interface KubernetesSupport {
  /** The last day of standard support. */
  readonly standardUntil: string;
  /** The last day of extended support, which is charged for. */
  readonly extendedUntil: string;
}

/**
 * The Kubernetes minors this project knows. They are pinned in `kubernetes-versions.json`, with source and date;
 * `npm run refresh:versions` compares them with what EKS says.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export const KUBERNETES_VERSIONS: Readonly<Record<string, KubernetesSupport>> = pinned.versions;

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

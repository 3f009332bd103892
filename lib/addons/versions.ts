import { compareMinors, knownMinors } from '../cluster/kubernetes-versions';
import pinned from './versions.json';

/** Add-on versions by name. */
export type AddonVersions = Readonly<Record<string, string>>;

/**
 * The add-on versions of each Kubernetes minor. They are pinned in `versions.json` and never asked for at synth.
 *
 * Source and date are in the file. `npm run refresh:versions` asks EKS for what your account is offered and shows the
 * difference.
 *
 * @see DescribeAddonVersions in the Amazon EKS API reference
 */
export const ADDON_VERSIONS: Readonly<Record<string, AddonVersions>> = pinned.versions;

/** The pinned version of an add-on for a Kubernetes minor; for a minor newer than the table, none. */
export function pinnedAddonVersion(addonName: string, kubernetesVersion: string): string | undefined {
  return compareMinors(kubernetesVersion, knownMinors().newest) > 0
    ? undefined
    : ADDON_VERSIONS[kubernetesVersion]?.[addonName];
}

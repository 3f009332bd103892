import { anyObject, isPlainObject, nearestRemedy, object, optional, text, type Check } from '../shape';
import { element, problem, within } from '../validate';
import { ADDONS, CORE_ADDONS, type AddonName } from './catalog';
import { pinnedAddonVersion } from './versions';

/** An add-on as a platform's config names it. */
export interface AddonSettings {
  /**
   * The exact version, such as `v1.57.1-eksbuild.1`.
   *
   * @default - the version this project pins for the cluster's Kubernetes minor
   */
  readonly version?: string;
  /**
   * The add-on's own settings, by the names of its configuration schema. Those of `vpc-cni` belong in `cni`.
   *
   * @default - the add-on's defaults
   */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

const settingsShape = object<AddonSettings>({ version: optional(text), configuration: optional(anyObject) });

/** The form of the `addons` map: known add-on names only. */
export const addonsShape: Check = (value, property) => {
  if (!isPlainObject(value)) return [problem(property, 'must be a map of add-on names to settings', value)];
  const names = Object.keys(ADDONS);
  return Object.entries(value).flatMap(([name, settings]) =>
    names.includes(name)
      ? settingsShape(settings, element(property, name))
      : [
          problem(
            element(property, name),
            'is not an add-on that exists here',
            name,
            nearestRemedy(name, names) ?? `the add-ons are ${names.join(', ')}`,
          ),
        ],
  );
};

/** The form of a version every EKS add-on has. */
export function addonVersionProblems(version: string, property: string): string[] {
  return /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version)
    ? []
    : [problem(property, 'must be an exact add-on version', version, 'such as "v1.21.1-eksbuild.1"')];
}

/** Every mistake in a platform's add-ons: each must have a version, its own or the pinned one. */
export function addonProblems(
  addons: Readonly<Partial<Record<AddonName, AddonSettings>>>,
  kubernetesVersion: string,
  holder: string,
): string[] {
  const wanted = [...new Set([...CORE_ADDONS, ...(Object.keys(addons) as AddonName[])])];
  return wanted.flatMap((name) => {
    const at = element(holder, name);
    const version = addons[name]?.version;
    const problems: string[] = [];
    if (version !== undefined) problems.push(...addonVersionProblems(version, within(at, 'version')));
    else if (pinnedAddonVersion(name, kubernetesVersion) === undefined) {
      const rule = `must be given: no version of ${name} is pinned here for Kubernetes ${kubernetesVersion}`;
      const remedy = `see \`aws eks describe-addon-versions --addon-name ${name} --kubernetes-version ${kubernetesVersion}\``;
      problems.push(problem(within(at, 'version'), rule, undefined, remedy));
    }
    if (name === 'vpc-cni' && addons[name]?.configuration !== undefined) {
      problems.push(
        problem(
          within(at, 'configuration'),
          'must not be given: the settings of the VPC CNI are those of `cni`',
          addons[name].configuration,
        ),
      );
    }
    return problems;
  });
}

import { flag, integer, object, oneOf, optional } from '../shape';
import { problem, within } from '../validate';
import type { VpcCniSettings } from './vpc-cni-settings';

/** The form of {@link VpcCniSettings}. */
export const vpcCniShape = object<VpcCniSettings>({
  prefixDelegation: optional(flag),
  warmEniTarget: optional(integer(0)),
  warmIpTarget: optional(integer(0)),
  minimumIpTarget: optional(integer(0)),
  warmPrefixTarget: optional(integer(0)),
  networkPolicy: optional(flag),
  externalSnat: optional(flag),
  logLevel: optional(oneOf('DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL')),
});

/** Combinations that the CNI ignores in silence or that stop it from starting. */
export function vpcCniProblems(settings: VpcCniSettings, holder = ''): string[] {
  const at = (property: string): string => within(holder, property);
  const { prefixDelegation = false, warmIpTarget, minimumIpTarget, warmEniTarget, warmPrefixTarget } = settings;
  const problems: string[] = [];
  if (warmPrefixTarget !== undefined && !prefixDelegation) {
    problems.push(problem(at('warmPrefixTarget'), 'has no effect without `prefixDelegation: true`', warmPrefixTarget));
  }
  const byAddress =
    (warmIpTarget ?? 0) > 0 ? 'warmIpTarget' : (minimumIpTarget ?? 0) > 0 ? 'minimumIpTarget' : undefined;
  if (byAddress !== undefined) {
    for (const ignored of ['warmEniTarget', 'warmPrefixTarget'] as const) {
      if (settings[ignored] === undefined) continue;
      problems.push(
        problem(
          at(ignored),
          `is ignored by the CNI when \`${byAddress}\` is set`,
          settings[ignored],
          'take one of the two out',
        ),
      );
    }
  }
  if (warmEniTarget !== undefined && prefixDelegation && byAddress === undefined) {
    problems.push(
      problem(at('warmEniTarget'), 'is not used with `prefixDelegation`', warmEniTarget, 'use `warmPrefixTarget`'),
    );
  }
  // the CNI's start-up check: it exits if prefix delegation is on and all three targets are zero
  if (prefixDelegation && warmPrefixTarget === 0 && byAddress === undefined) {
    problems.push(
      problem(
        at('warmPrefixTarget'),
        'must not be 0 with `prefixDelegation` unless `warmIpTarget` or `minimumIpTarget` is above 0: the CNI does not start',
        0,
      ),
    );
  }
  return problems;
}

import { listOf, mapOf, object, optional, text } from '../shape';
import { problem, within } from '../validate';
import type { FargateSelector } from './fargate-profile';

/** The form of a profile's selectors. */
export const selectorsShape = listOf(object<FargateSelector>({ namespace: text, labels: optional(mapOf(text)) }));

/** Every mistake in a profile's selectors. */
export function fargateProfileProblems(selectors: readonly FargateSelector[], property: string): string[] {
  const count =
    selectors.length >= 1 && selectors.length <= 5
      ? []
      : [problem(property, 'must hold one to five selectors', selectors.length, 'make another profile for more')];
  const malformed = selectors.flatMap(({ namespace }, index) =>
    /^[a-z0-9*?]([a-z0-9*?-]{0,61}[a-z0-9*?])?$/.test(namespace)
      ? []
      : [
          problem(
            within(property, `[${index}].namespace`),
            'must be a namespace of at most 63 small letters, digits and hyphens; `*` and `?` are wildcards',
            namespace,
          ),
        ],
  );
  return [...count, ...malformed];
}

import type { LogRule } from '../rules/log-rule';
import { volume, type Volume } from '../sample-tally';
import { bySize, type LineGroup, type LineKind } from './line-group';
import { collapsed, joined } from './template';

/** Kept lines with one template, as they are at the end of a sample. */
export interface LinePattern {
  /** What they are like. */
  readonly kind: LineKind;
  /** What they have in common; all else varies. */
  readonly template: string;
  /** How many there are. */
  readonly volume: Volume;
  /** Some of them, as they came. */
  readonly examples: readonly string[];
  /** How many a dry run of the present rules would have taken, by rule. */
  readonly would: ReadonlyMap<LogRule, number>;
}

/** Examples of one pattern. */
const EXAMPLES = 8;

/**
 * The patterns of groups, the largest first. Groups that turned out to be one are joined: those whose template a larger
 * one covers by now, and those that differ only in how many parts vary, such as lists of different lengths.
 */
export function patternsOf(groups: readonly LineGroup[]): LinePattern[] {
  const alike = new Map<string, Family[]>();
  for (const family of families([...groups].sort(bySize))) {
    const key = keyOf(family[0]);
    alike.set(key, [...(alike.get(key) ?? []), family]);
  }
  return [...alike.values()].map(pattern).sort((one, other) => other.volume.bytes - one.volume.bytes);
}

type Family = [LineGroup, ...LineGroup[]];

/** Each group with the smaller ones its template covers. */
function families(groups: readonly LineGroup[]): Family[] {
  const alike = new Map<string, Map<LineKind, Family[]>>();
  return groups.flatMap((group) => {
    const byKind = alike.get(String(group.tokens.length)) ?? new Map<LineKind, Family[]>();
    alike.set(String(group.tokens.length), byKind);
    const larger = byKind.get(group.kind) ?? [];
    byKind.set(group.kind, larger);
    const family = larger.find(([first]) => covers(first, group));
    if (family !== undefined) {
      family.push(group);
      return [];
    }
    const own: Family = [group];
    larger.push(own);
    return [own];
  });
}

function covers({ tokens }: LineGroup, other: LineGroup): boolean {
  return tokens.every((token, index) => joined(token, other.tokens[index] as string) === token);
}

/** What groups of one pattern have in common. Which other members a JSON object has is no matter if its text is the same. */
function keyOf({ kind: { keeper, said, ...kind }, tokens }: LineGroup): string {
  const template = collapsed(tokens.join(''));
  return JSON.stringify([kind, keeper?.id, said.form, said.path, template]);
}

function pattern(alike: readonly Family[]): LinePattern {
  const sum = volume();
  const would = new Map<LogRule, number>();
  for (const group of alike.flat()) {
    sum.records += group.volume.records;
    sum.bytes += group.volume.bytes;
    for (const [rule, taken] of group.would) would.set(rule, (would.get(rule) ?? 0) + taken);
  }
  const [template = '', ...others] = alike.map(([{ tokens }]) => tokens.join(''));
  const kind = (alike[0] as Family)[0].kind;
  const examples = alike.flatMap((family) => family.flatMap((group) => group.examples)).slice(0, EXAMPLES);
  const same = others.every((other) => other === template);
  return { kind, template: same ? template : collapsed(template), volume: sum, examples, would };
}

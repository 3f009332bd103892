import { fieldPath } from './field-path';
import { globTest } from './glob';
import { rankOf, RANK_COUNT } from './level';
import type { FieldMatch, Level, Match } from './log-match';
import { textOf, type LogRecord, type Pod } from './record';
import { listOf, textCondition, type TextTest } from './text-test';

/** Whether a record fits. */
export type RecordTest = (record: LogRecord) => boolean;

/** A match made ready, by what it costs to find out. All of it must hold. */
export interface Condition {
  /** What is the same for all records of a pod. */
  readonly ofPod: (pod: Pod) => boolean;
  /** Ranks that fit, as bits. */
  readonly ranks: number;
  /** Texts of which one must be in the message, but for case; undefined if nothing is known. */
  readonly required: readonly string[] | undefined;
  /** Whether the message is asked for more than words as they are, so that looking for `required` first pays. */
  readonly slow: boolean;
  /** The rest; undefined if there is none. */
  readonly ofRecord: RecordTest | undefined;
}

const ANY_RANK = (1 << RANK_COUNT) - 1;

/** Makes a match ready. */
export function condition(match: Match): Condition {
  const pods = podTests(match);
  const text = match.message === undefined ? undefined : textCondition(match.message);
  const records = recordTests(match.fields, text?.test);
  if (match.not !== undefined) {
    const not = condition(match.not);
    // what only asks for the pod stays a question to the pod
    if (not.ofRecord === undefined && not.ranks === ANY_RANK) pods.push((pod) => !not.ofPod(pod));
    else {
      const fits = wholeTest(not);
      records.push((record) => !fits(record));
    }
  }
  return {
    ofPod: every(pods) ?? (() => true),
    ranks: ranksOf(match),
    slow: match.message?.regex !== undefined || match.message?.ignoreCase === true,
    required: text?.required,
    ofRecord: every(records),
  };
}

/** A condition as one test. */
export function wholeTest(condition: Condition): RecordTest {
  return testWith(condition, (record) => record.rank);
}

/** A condition of a guard as one test: of the levels a record may be meant to have the gravest counts. */
export function guardTest(condition: Condition): RecordTest {
  return testWith(condition, (record) => record.gravestRank);
}

function testWith({ ofPod, ranks, ofRecord }: Condition, rank: (record: LogRecord) => number): RecordTest {
  return (record) =>
    ofPod(record.pod) &&
    (ranks === ANY_RANK || (ranks & (1 << rank(record))) !== 0) &&
    (ofRecord === undefined || ofRecord(record));
}

function podTests({ namespace, pod, container, labels = {} }: Match): ((pod: Pod) => boolean)[] {
  const tests: ((pod: Pod) => boolean)[] = [];
  for (const [name, glob] of Object.entries({ namespace, pod, container })) {
    if (glob === undefined) continue;
    const fits = globTest(glob);
    tests.push((of) => fits(of[name as 'namespace' | 'pod' | 'container']));
  }
  for (const [label, glob] of Object.entries(labels)) {
    const fits = globTest(glob);
    tests.push((of) => {
      const value = Object.hasOwn(of.labels, label) ? of.labels[label] : undefined;
      return typeof value === 'string' && fits(value);
    });
  }
  return tests;
}

function ranksOf({ level, minLevel, maxLevel }: Match): number {
  const named = level === undefined ? undefined : listOf<Level>(level).map(rankOf);
  const least = minLevel === undefined ? 0 : rankOf(minLevel);
  const most = maxLevel === undefined ? RANK_COUNT : rankOf(maxLevel);
  let ranks = 0;
  for (let rank = 0; rank < RANK_COUNT; rank++) {
    const known = rank > 0 || (named === undefined && minLevel === undefined && maxLevel === undefined);
    if (known && (named?.includes(rank) ?? true) && rank >= least && rank <= most) ranks |= 1 << rank;
  }
  return ranks;
}

function recordTests(fields: Match['fields'] = {}, ofMessage: TextTest | undefined): RecordTest[] {
  return [
    ...Object.entries(fields).map(([path, field]) => fieldTest(path, field)),
    ...(ofMessage === undefined ? [] : [(record: LogRecord): boolean => ofMessage(record.message)]),
  ];
}

function fieldTest(path: string, { equals, exists = true, min, max, ...text }: FieldMatch): RecordTest {
  const names = fieldPath(path) ?? [];
  if (!exists) return (record) => record.at(names) === undefined;
  const values = equals === undefined ? undefined : new Set(listOf(equals).map(String));
  const fits = textCondition(text).test;
  const ranges = min !== undefined || max !== undefined;
  return (record) => {
    const value = record.at(names);
    if (value === undefined) return false;
    if (values === undefined && fits === undefined && !ranges) return true;
    const written = textOf(value) ?? '';
    if (values !== undefined && !values.has(written)) return false;
    if (ranges && !within(value, written, min, max)) return false;
    return fits === undefined || fits(written);
  };
}

function within(value: unknown, written: string, min = -Infinity, max = Infinity): boolean {
  if (typeof value !== 'number' && (typeof value !== 'string' || written.trim() === '')) return false;
  const number = Number(written);
  return number >= min && number <= max; // false for what is no number
}

function every<T>(tests: readonly ((value: T) => boolean)[]): ((value: T) => boolean) | undefined {
  const [first, ...others] = tests;
  if (others.length === 0) return first;
  return (value) => tests.every((test) => test(value));
}

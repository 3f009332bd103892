import {
  anyText,
  flag,
  integer,
  isPlainObject,
  nearestRemedy,
  object,
  oneOf,
  optional,
  text,
  type Check,
  type Shape,
} from '../../shape';
import { element, problem, within } from '../../validate';
import { LEVELS } from './level';
import type { FieldMatch, Match, TextMatch } from './log-match';
import type { LogRule, LogRules, Redaction, RuleExpectation, RuleTest } from './log-rule';
import { patternOrFault } from './pattern/pattern-fault';
import { RULE_LIMITS } from './rule-limits';

/** One value or a list of at least one. */
function oneOrMore(item: Check): Check {
  return (value, property) => {
    if (!Array.isArray(value)) return item(value, property);
    if (value.length === 0) return [problem(property, 'must not be empty: it would match nothing', value)];
    if (value.length > RULE_LIMITS.entries) return [tooMany(property, RULE_LIMITS.entries, value.length)];
    return value.flatMap((each, index) => item(each, within(property, `[${index}]`)));
  };
}

function tooMany(property: string, limit: number, count: number): string {
  return problem(property, `must not have more than ${limit} entries`, count);
}

/** A list of at least one and at most so many. */
function listUpTo(limit: number, item: Check): Check {
  return (value, property) => {
    if (!Array.isArray(value)) return [problem(property, 'must be a list', value)];
    if (value.length === 0) return [problem(property, 'must not be empty', value, 'leave it out')];
    if (value.length > limit) return [tooMany(property, limit, value.length)];
    return value.flatMap((each, index) => item(each, within(property, `[${index}]`)));
  };
}

/** A map of at least one name, none empty. */
function mapOf(item: Check): Check {
  return (value, property) => {
    if (!isPlainObject(value)) return [problem(property, 'must be a map of names to values', value)];
    const entries = Object.entries(value);
    if (entries.length === 0) return [problem(property, 'must not be empty', value, 'leave it out')];
    if (entries.length > RULE_LIMITS.entries) return [tooMany(property, RULE_LIMITS.entries, entries.length)];
    return entries.flatMap(([name, each]) => item(each, element(property, name)));
  };
}

const glob: Check = oneOrMore(text);
const level: Check = oneOf(...LEVELS);
const pattern: Check = (value, property) => {
  if (typeof value !== 'string' || value === '') return [problem(property, 'must be a regular expression', value)];
  const fault = patternOrFault(value);
  return typeof fault === 'string' ? [problem(property, 'must be an RE2 regular expression', value, fault)] : [];
};
const redacted: Check = (value, property) => {
  if (typeof value !== 'string' || value === '') return pattern(value, property);
  const found = patternOrFault(value);
  if (typeof found === 'string' || !found.emptyable) return pattern(value, property);
  const remedy = 'make a part of it match at least once, with `+` for `*`';
  return [problem(property, 'must not match a text of no characters, which is everywhere', value, remedy)];
};
const scalar: Check = (value, property) =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)
    ? []
    : [problem(property, 'must be a text, a number, true, false or null', value)];
const number: Check = (value, property) =>
  typeof value === 'number' && Number.isFinite(value) ? [] : [problem(property, 'must be a number', value)];
const rate: Check = (value, property) =>
  typeof value === 'number' && value >= 0 && value <= 1
    ? []
    : [problem(property, 'must be a share from 0 to 1', value, 'a tenth is 0.1')];

const TEXT_MATCH: Shape<TextMatch> = {
  contains: optional(oneOrMore(text)),
  regex: optional(pattern),
  ignoreCase: optional(flag),
};

const FIELD_MATCH: Shape<FieldMatch> = {
  ...TEXT_MATCH,
  equals: optional(oneOrMore(scalar)),
  exists: optional(flag),
  min: optional(number),
  max: optional(number),
};

/** The form of a match; `not` nests, but not without end. */
export function matchCheck(depth = 0): Check {
  const shape: Shape<Match> = {
    namespace: optional(glob),
    pod: optional(glob),
    container: optional(glob),
    labels: optional(mapOf(glob)),
    level: optional(oneOrMore(level)),
    minLevel: optional(level),
    maxLevel: optional(level),
    message: optional(object(TEXT_MATCH)),
    fields: optional(mapOf(object(FIELD_MATCH))),
    not: optional((value, property) =>
      depth < RULE_LIMITS.depth
        ? matchCheck(depth + 1)(value, property)
        : [problem(property, `must not nest deeper than ${RULE_LIMITS.depth}`, value, 'two `not` cancel each other')],
    ),
  };
  return object(shape);
}

const REDACTION: Shape<Redaction> = { pattern: redacted, replace: anyText, ignoreCase: optional(flag) };

const DESTINATIONS: readonly string[] = ['archive', 'cloudwatch'];
/** What people call them. */
const CALLED: Readonly<Record<string, string>> = {
  s3: 'archive',
  hot: 'cloudwatch',
  logs: 'cloudwatch',
  'cloudwatch-logs': 'cloudwatch',
  cloudwatchlogs: 'cloudwatch',
};

const destination: Check = (value, property) => {
  if (DESTINATIONS.includes(value as string)) return [];
  return [problem(property, `must be one of ${DESTINATIONS.join(', ')}`, value, destinationRemedy(value))];
};
const destinations: Check = (value, property) => {
  if (Array.isArray(value)) return listUpTo(2, destination)(value, property);
  const remedy = DESTINATIONS.includes(value as string) ? `write [${String(value)}]` : destinationRemedy(value);
  return [problem(property, `must be a list of ${DESTINATIONS.join(', ')}`, value, remedy)];
};

function destinationRemedy(value: unknown): string | undefined {
  const called = typeof value === 'string' ? value.toLowerCase().replaceAll(/[ _]/g, '-') : '';
  return Object.hasOwn(CALLED, called) ? `did you mean \`${CALLED[called]}\`?` : nearestRemedy(value, DESTINATIONS);
}

const EXPECTATION: Shape<RuleExpectation> = {
  outcome: optional(oneOf('keep', 'drop')),
  rule: optional(text),
  message: optional(anyText),
  to: optional(destinations),
};

const TEST: Shape<RuleTest> = {
  name: optional(text),
  record: (value, property) =>
    typeof value === 'string' || isPlainObject(value)
      ? []
      : [problem(property, 'must be a record or a line of text', value)],
  expect: (value, property) =>
    isPlainObject(value) ? object(EXPECTATION)(value, property) : oneOf('keep', 'drop', 'unmatched')(value, property),
};

const id: Check = (value, property) =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)
    ? []
    : [problem(property, 'must be 1 to 64 letters, digits, `.`, `_` or `-`, the first a letter or digit', value)];

const RULE: Shape<LogRule> = {
  id,
  action: oneOf('keep', 'drop', 'sample', 'redact'),
  match: optional(matchCheck()),
  rate: optional(rate),
  by: optional(text),
  redact: optional(listUpTo(RULE_LIMITS.redactions, object(REDACTION))),
  to: optional(destinations),
  description: optional(anyText),
  owner: optional(anyText),
  enabled: optional(flag),
  expires: optional(anyText),
  dryRun: optional(flag),
  overrides: optional(oneOf('never-drop')),
  tests: optional(listUpTo(RULE_LIMITS.tests, object(TEST))),
};

/** The form of one rule. */
export const ruleCheck: Check = object(RULE);

/** The form of one guard. */
export const guardCheck: Check = (value, property) => {
  if (value === false) return [];
  if (value === true) return [problem(property, 'must be false, a match or a list of matches', value, 'leave it out')];
  return Array.isArray(value)
    ? listUpTo(RULE_LIMITS.entries, matchCheck())(value, property)
    : matchCheck()(value, property);
};

/** The form of the file around the rules; editors write `$schema` into it. */
export const RULES: Shape<LogRules & { readonly $schema?: string }> = {
  version: integer(1, 1),
  neverDrop: optional(mapOf(guardCheck)),
  default: optional(oneOf('keep', 'drop')),
  // each rule is looked at by itself, so that its id stands in every line
  rules: (value, property) => (Array.isArray(value) ? [] : [problem(property, 'must be a list', value)]),
  $schema: optional(anyText),
};

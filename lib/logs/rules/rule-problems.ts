import { isPlainObject } from '../../shape';
import { element, problem, within } from '../../validate';
import { expiryOf } from './expiry';
import { fieldPath } from './field-path';
import { rankOf } from './level';
import type { Action } from './log-rule';
import { redactionFault } from './pattern/pattern-fault';

type Some = Readonly<Record<string, unknown>>;

/** Properties that only some actions have. */
const BELONGS: Readonly<Record<string, readonly Action[]>> = {
  rate: ['sample'],
  by: ['sample'],
  redact: ['redact'],
  to: ['keep', 'sample'],
  overrides: ['drop', 'sample'],
};

/** Without which an action cannot be done. */
const NEEDS: Readonly<Record<Action, readonly string[]>> = {
  keep: [],
  drop: ['match'],
  sample: ['match', 'rate'],
  redact: ['redact'],
};

/** Mistakes in what a rule says, whose form is checked elsewhere. */
export function meaningProblems(rule: Some, at: string): string[] {
  return [
    ...actionProblems(rule, at),
    ...(isPlainObject(rule.match) ? matchProblems(rule.match, within(at, 'match')) : []),
    ...replacementProblems(rule, at),
    ...pathProblem(rule.by, within(at, 'by')),
    ...expiryProblems(rule.expires, within(at, 'expires')),
  ];
}

function actionProblems(rule: Some, at: string): string[] {
  if (typeof rule.action !== 'string' || !Object.hasOwn(NEEDS, rule.action)) return [];
  const action = rule.action as Action;
  return [
    ...Object.entries(BELONGS)
      .filter(([property, actions]) => rule[property] !== undefined && !actions.includes(action))
      .map(([property, actions]) => {
        const remedy = `take it out, the action of this rule is ${action}`;
        return problem(within(at, property), `belongs to rules that ${actions.join(' or ')}`, rule[property], remedy);
      }),
    ...NEEDS[action]
      .filter((property) => rule[property] === undefined || isEmpty(rule[property]))
      .map((property) => {
        const remedy = property === 'match' ? 'to take the rest, write `default: drop` beside `rules`' : undefined;
        return problem(within(at, property), `must be given for the action ${action}`, rule[property], remedy);
      }),
  ];
}

/** Mistakes in what a match says: parts that say nothing, ranges that hold nothing, paths that lead nowhere. */
export function matchProblems(match: Some, at: string): string[] {
  const { minLevel, maxLevel, fields } = match;
  return [
    ...['message', 'not']
      .filter((part) => isEmpty(match[part]))
      .map((part) => problem(within(at, part), 'must say something', match[part], 'leave it out')),
    ...(isPlainObject(match.message) ? caseProblem(match.message, within(at, 'message')) : []),
    ...(rankOf(minLevel) > 0 && rankOf(maxLevel) > 0 && rankOf(minLevel) > rankOf(maxLevel)
      ? [problem(within(at, 'minLevel'), `must not be above \`maxLevel\` (${String(maxLevel)})`, minLevel)]
      : []),
    ...(isPlainObject(fields)
      ? Object.entries(fields).flatMap(([path, field]) => [
          ...pathProblem(path, element(within(at, 'fields'), path)),
          ...(isPlainObject(field) ? fieldProblems(field, element(within(at, 'fields'), path)) : []),
        ])
      : []),
    ...(isPlainObject(match.not) ? matchProblems(match.not, within(at, 'not')) : []),
  ];
}

function fieldProblems(field: Some, at: string): string[] {
  const { min, max, exists, ...others } = field;
  const alone = caseProblem(field, at);
  if (alone.length > 0) return alone;
  if (exists === false && (min !== undefined || max !== undefined || Object.keys(others).length > 0)) {
    return [problem(within(at, 'exists'), 'must stand alone if it is false: what is not there has no value', exists)];
  }
  return typeof min === 'number' && typeof max === 'number' && min > max
    ? [problem(within(at, 'min'), `must not exceed \`max\` (${max})`, min)]
    : [];
}

function caseProblem({ ignoreCase, contains, regex }: Some, at: string): string[] {
  if (ignoreCase === undefined || contains !== undefined || regex !== undefined) return [];
  return [problem(within(at, 'ignoreCase'), 'must stand beside `contains` or `regex`', ignoreCase)];
}

function pathProblem(path: unknown, at: string): string[] {
  if (typeof path !== 'string' || path === '' || fieldPath(path) !== undefined) return [];
  const remedy = 'write `a.b`, or a JSON Pointer such as `/a/b` with `~1` for a slash and `~0` for a tilde';
  return [problem(at, 'must be the path of a field', path, remedy)];
}

/** A `$` in a replacement that stands for nothing the pattern has would land in the logs as it is. */
function replacementProblems(rule: Some, at: string): string[] {
  if (!Array.isArray(rule.redact)) return [];
  return rule.redact.flatMap((redaction: unknown, index) => {
    if (!isPlainObject(redaction)) return [];
    const { pattern, replace } = redaction;
    if (typeof pattern !== 'string' || typeof replace !== 'string') return [];
    const fault = redactionFault(pattern, replace);
    return fault === undefined
      ? []
      : [problem(within(at, `redact[${index}].replace`), fault.about, replace, fault.remedy)];
  });
}

function expiryProblems(expires: unknown, at: string): string[] {
  if (typeof expires !== 'string' || expiryOf(expires) !== undefined) return [];
  return [problem(at, 'must be a day or a moment in UTC', expires, 'write "2026-12-31" or "2026-12-31T12:00:00Z"')];
}

function isEmpty(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length === 0;
}

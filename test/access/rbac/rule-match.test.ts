import { ruleAllows } from '../../../lib/access/rbac/rule-match';
import { on, request, url } from './rules';
import { MATCH_CASES } from './rule-match.upstream';

test.each(MATCH_CASES)('TestRuleMatches: %s', (_, rule, yes, no) => {
  expect(yes.filter((text) => !ruleAllows(rule, request(text)))).toEqual([]);
  expect(no.filter((text) => ruleAllows(rule, request(text)))).toEqual([]);
});

test.each([
  ['pods/*', 'get core pods/log', false],
  ['pods/*', 'get core pods', false],
  ['*/log', 'get core pods/log', true],
  ['*/log', 'get core pods/logs', false],
  ['*/log', 'get core log', false],
  ['*/', 'get core pods', false],
  ['*', 'get core pods/log', true],
  ['pods', 'get core pods/log', false],
])('a rule for %s: %s is %s', (resource, text, allowed) => {
  expect(ruleAllows(on('get', '', resource), request(text))).toBe(allowed);
});

test('names limit to requests that name one of them', () => {
  const rule = on('*', '', 'configmaps', 'settings,flags');
  const named = (verb: string, name?: string): boolean =>
    ruleAllows(rule, request(`${verb} core configmaps`, 'shop', name));
  expect(named('get', 'flags')).toBe(true);
  expect(named('get', 'other')).toBe(false);
  // with a field selector a list has a name; a create never has
  expect(named('list', 'settings')).toBe(true);
  expect(['list', 'watch', 'create', 'deletecollection'].filter((verb) => named(verb))).toEqual([]);
});

test('a rule for URLs is none for resources, and the other way round', () => {
  expect(ruleAllows(url('*', '*'), request('get core pods'))).toBe(false);
  expect(ruleAllows(on('*', '*', '*'), request('get /healthz'))).toBe(false);
});

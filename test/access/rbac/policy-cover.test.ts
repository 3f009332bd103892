import { compactRules, covers } from '../../../lib/access/rbac/policy-cover';
import { urlCovers } from '../../../lib/access/rbac/rule-match';
import { COMPACT_CASES, COVER_CASES, SIMPLE_CASES, URL_CASES } from './policy-cover.upstream';
import { on, url } from './rules';

test.each(COVER_CASES)('%s', (_, owner, servant, missing) => {
  const cover = covers(owner, servant);
  expect(cover.missing).toEqual(missing);
  expect(cover.covered).toBe(missing.length === 0);
});

test.each(URL_CASES)('TestNonResourceURLCovers: %s covers %s: %s', (owner, requested, covered) => {
  expect(urlCovers(owner, requested)).toBe(covered);
});

test.each(COMPACT_CASES)('TestCompactRules: %s', (_, rules, compact) => {
  const before = structuredClone(rules);
  const joined = compactRules(rules);
  expect(joined).toHaveLength(compact.length);
  expect(joined).toEqual(expect.arrayContaining([...compact]));
  expect(rules).toEqual(before);
  expect(covers(joined, rules).covered).toBe(true);
  expect(covers(rules, joined).covered).toBe(true);
});

test.each(SIMPLE_CASES)('TestIsSimpleResourceRule: %s', (_, rule, simple) => {
  expect(compactRules([rule, { ...rule, verbs: ['other'] }])).toHaveLength(simple ? 1 : 2);
});

test('URLs are joined by their verbs too, which Kubernetes leaves apart', () => {
  expect(compactRules([url('get', '/a'), url('get', '/b'), url('post', '/a')])).toEqual([
    { nonResourceURLs: ['/a'], verbs: ['get', 'post'] },
    url('get', '/b'),
  ]);
});

test('stars at the end of a URL are one', () => {
  expect(urlCovers('/api/**', '/api/v1')).toBe(true);
  expect(urlCovers('/api/**', '/api')).toBe(false);
});

test('a star for the resource is one before a slash only', () => {
  expect(covers([on('get', '', '*s')], [on('get', '', 'pods')]).covered).toBe(false);
  expect(covers([on('get', '', '*/b/c')], [on('get', '', 'a/b/c')]).covered).toBe(true);
});

test('a cover names the rules it is made of', () => {
  const [pods, unused, secrets] = [on('get,list', '', 'pods'), on('*', 'apps', '*'), on('get', '', 'secrets')];
  expect([...covers([pods, unused, secrets], [on('get', '', 'secrets,pods')]).by]).toEqual([secrets, pods]);
});

import { readAccounts, readLines } from '../../../lib/access/authenticator/aws-auth-text';
import vectors from './parse-map.json';

// what ParseMap of the authenticator itself (v0.7.5, pkg/mapper/configmap) made of each text, recorded from a run;
// lines with sso alone are left out, because EKS does not match them

const lines = vectors.filter(({ key }) => key !== 'mapAccounts');

test.each(lines.map((vector) => [`${vector.key}: ${vector.name}`, vector] as const))('%s', (_, vector) => {
  const { good, flaws, unusable } = readLines(vector.text, vector.key === 'mapRoles' ? 'rolearn' : 'userarn');
  expect(good.map(({ value }) => value)).toEqual(vector.result);
  if (vector.error && vector.name !== 'unknown keys') expect([unusable, ...flaws]).not.toEqual([undefined]);
});

const accounts = vectors.filter(({ key }) => key === 'mapAccounts');

test.each(accounts.map((vector) => [vector.name, vector] as const))('mapAccounts: %s', (_, vector) => {
  const { good, flaws, unusable } = readAccounts(vector.text);
  expect(good.map(({ value }) => value)).toEqual(vector.result);
  expect(unusable !== undefined || flaws.length > 0).toBe(vector.error);
});

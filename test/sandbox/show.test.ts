import { maxPodsIn } from '../../sandbox/show';
import { userData } from '../../lib/compute/user-data';

test.each([
  ['nodeadm', 110],
  ['bottlerocket', 29],
] as const)('max pods are read from what a %s node is told', (bootstrap, maxPods) => {
  expect(maxPodsIn(userData(bootstrap, maxPods))).toBe(String(maxPods));
});

test('a node that is told nothing gets what EKS computes', () => {
  expect(maxPodsIn(undefined)).toBe('by EKS');
  expect(maxPodsIn(Buffer.from('#!/bin/sh\n').toString('base64'))).toBe('by EKS');
});

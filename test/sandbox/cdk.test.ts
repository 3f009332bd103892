import { outcomes } from '../../sandbox/cdk';
import { diskFull } from '../../sandbox/failure';

test('what came of each stack is read from what the command line says', () => {
  const output = `
dev-Network |  0/32 | 4:38:29 AM | CREATE_IN_PROGRESS   | AWS::CloudFormation::Stack | dev-Network User Initiated
dev-Network | 32/32 | 4:38:30 AM | CREATE_COMPLETE      | AWS::CloudFormation::Stack | dev-Network
 ✅  dev/Network (dev-Network)
 ✅  dev/Egress (dev-Egress) (no changes)
dev-Cluster |  0/2 | 4:38:31 AM | UPDATE_COMPLETE       | AWS::CloudFormation::Stack | dev-Cluster
dev-Cluster |  1/2 | 4:38:31 AM | CREATE_COMPLETE       | AWS::EKS::AccessEntry | dev/Cluster/Access/x
 ✅  dev/Cluster (dev-Cluster)
`;
  expect(Object.fromEntries(outcomes(output))).toEqual({
    'dev-Network': 'created',
    'dev-Egress': 'unchanged',
    'dev-Cluster': 'updated',
  });
});

test.each([
  'OSError: [Errno 28] No space left on device',
  'ENOSPC: no space left on device, write',
  'Disk quota exceeded',
])('a full disk is told as one: %s', (text) => {
  expect(diskFull(text, '/cache')).toBe(
    'The disk is full: nothing more can be written to /cache. Make room, then run the same command again.',
  );
});

test('other trouble is no full disk', () => expect(diskFull('no such file', '/cache')).toBeUndefined());

import { callerStep, type CallerFacts } from '../../../lib/access/login/caller-step';
import { shown } from './steps';

const place = { clusterName: 'dev', account: '111122223333', partition: 'aws' };
const check = (facts: CallerFacts): string[] => shown(callerStep(facts, place).step);
const session = (role: string, account = '111122223333'): string => `arn:aws:sts::${account}:assumed-role/${role}/mei`;
const SHOW = 'take what this prints: aws sts get-caller-identity --query Arn --output text | you';

test.each<[string, string[]]>([
  [session('Deployers'), ['✓ STS: session mei of role Deployers']],
  [session('AWSReservedSSO_Dev_0123456789abcdef'), ['✓ STS: session mei of permission set Dev']],
  [
    'arn:aws:iam::111122223333:role/ci/Deployers',
    [
      '✓ STS: role Deployers, as a session without a name',
      '(a role never calls itself: STS tells of a session of it, arn:aws:sts::111122223333:assumed-role/Deployers/<session>)',
    ],
  ],
  ['arn:aws:iam::111122223333:user/team/mei', ['✓ STS: user team/mei']],
  ['arn:aws:iam::111122223333:root', ['✓ STS: the root of its account']],
  ['arn:aws:sts::111122223333:federated-user/mei', ['✓ STS: federated user mei']],
  [
    session('Deployers', '999900001111'),
    [
      '✓ STS: session mei of role Deployers',
      '(it is of account 999900001111, the cluster of 111122223333: it gets in only if something there names it)',
    ],
  ],
])('%s is a caller', (arn, lines) => {
  expect(check({ arn })).toEqual(lines);
});

test.each<[string, string]>([
  ['arn:aws:sts::111122223333:assumed-role/Deployers', 'the name of the session is missing behind the role'],
  ['arn:aws:iam::111122223333:group/dev', 'nobody signs in as an IAM group'],
  ['arn:aws:iam::111122223333:instance-profile/x', 'machines sign in as the role in an instance profile'],
  ['arn:aws:iam::111122223333:policy/x', 'that is nobody, but a thing of IAM'],
  ['arn:aws:iam::1111:user/mei', 'it has no account of twelve digits, or is nobody of IAM'],
  ['arn:aws:s3:::bucket', 'it is of no partition or no service that has callers'],
  ['111122223333', 'that is an account, and not who in it'],
  ['AROAEXAMPLE:mei', 'that is a unique id, the `UserId` of the answer, and not its `Arn`'],
  ['ASIAEXAMPLE', 'that is an access key, and not whose it is'],
  ['mei', 'it is no ARN'],
  ['', 'it is no ARN'],
])('%j is none', (arn, cause) => {
  expect(check({ arn })).toEqual([`✗ STS: ${arn} is no ARN that STS tells of a caller`, `${cause} | ${SHOW}`]);
});

test('nobody is told of in a step that was not taken', () => {
  expect(check({})).toEqual([
    '– STS: nobody was named: --arn takes what `aws sts get-caller-identity --query Arn --output text` prints, --as a grant',
  ]);
});

test('a session with the path of its role was written by hand', () => {
  expect(check({ arn: session('ci/Deployers') })).toEqual([
    '✗ STS: arn:aws:sts::111122223333:assumed-role/ci/Deployers/mei has the path of its role',
    `STS never tells the path of a role: it would be arn:aws:sts::111122223333:assumed-role/Deployers/mei | ${SHOW}`,
  ]);
});

test('another partition ends it', () => {
  expect(check({ arn: 'arn:aws-cn:iam::111122223333:user/mei' })).toEqual([
    '✗ STS: arn:aws-cn:iam::111122223333:user/mei is of the partition aws-cn, the cluster of aws',
    'the credentials are of another partition, which has accounts of its own | sign in to an account of aws | you',
  ]);
});

describe('the credentials at hand', () => {
  const other = 'arn:aws:iam::111122223333:user/mei';

  test('say who it is where nobody else does', () => {
    expect(check({ atHand: other })).toEqual(['✓ STS: user mei']);
  });

  test.each([session('deployers'), session('Ops'), other])('may be %s', (atHand) => {
    expect(check({ arn: session('Deployers'), atHand })).toEqual([
      `✗ STS: the credentials at hand are of ${atHand}, not of ${session('Deployers')}`,
      'the default profile is somebody else than you think | set AWS_PROFILE or give --profile; the kubeconfig may name a profile of its own under `env` | you',
    ]);
  });

  test('are the same in another session, and for a role itself', () => {
    const atHand = 'arn:aws:sts::111122223333:assumed-role/Deployers/botocore-session-1';
    for (const arn of [session('Deployers'), 'arn:aws:iam::111122223333:role/ci/Deployers'])
      expect(check({ arn, atHand })[0]).toMatch(/^✓/);
  });
});

test('a token that a user signed is not that of a session', () => {
  expect(check({ arn: session('Deployers'), temporary: false })).toEqual([
    `✗ STS: the token was signed with the keys of a user, and ${session('Deployers')} is a session`,
    'kubectl signs with the keys of a user, not as the role: the kubeconfig has no --role-arn or another profile | npx hajime kubeconfig dev --as <grant> | you',
  ]);
  expect(check({ arn: session('Deployers'), temporary: true })).toHaveLength(1);
  expect(check({ arn: 'arn:aws:iam::111122223333:user/mei', temporary: true })).toHaveLength(1);
});

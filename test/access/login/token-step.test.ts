import { tokenStep } from '../../../lib/access/login/token-step';
import { bearerToken } from '../../../lib/access/writer/token';
import { shown } from './steps';

const now = new Date('2026-11-23T00:10:00Z');
const dev = { clusterName: 'dev', region: 'ap-northeast-1', partition: 'aws' };
const SIGNATURE = '5ec4e7'.padEnd(64, '0');
const SESSION = 'SESSIONTOKEN';

const QUERY: Readonly<Record<string, string>> = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'ASIAEXAMPLE/20261123/ap-northeast-1/sts/aws4_request',
  'X-Amz-Date': '20261123T000700Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  'X-Amz-Security-Token': SESSION,
  'X-Amz-Signature': SIGNATURE,
};

/** A token made up for a test; an undefined part is left out. */
function madeUp(
  changes: Readonly<Record<string, string | undefined>> = {},
  { origin = 'https://sts.ap-northeast-1.amazonaws.com/', more = '' } = {},
): string {
  const query = Object.entries({ ...QUERY, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return `k8s-aws-v1.${Buffer.from(`${origin}?${query.join('&')}${more}`).toString('base64url')}`;
}

const check = (token: string, place = dev): string[] => shown(tokenStep({ token, now }, place).step);
const GET = 'aws eks get-token --cluster-name dev --region ap-northeast-1';
const OTHER = `it is another kind of token, or not made for EKS | ${GET} | you`;
const CLUSTER = '(which cluster it was made for is in the signature alone: STS refuses it for any other)';
const GOOD =
  '✓ token: signed 3 minutes ago for sts.ap-northeast-1.amazonaws.com with temporary credentials; x-k8s-aws-id is signed';

describe('a good token', () => {
  test('as it is, with a line break behind it, or in the answer of `aws eks get-token`', () => {
    const token = madeUp();
    const answer = JSON.stringify({ kind: 'ExecCredential', status: { token, expirationTimestamp: '…' } });
    for (const given of [token, `${token}\n`, answer]) expect(check(given)).toEqual([GOOD, CLUSTER]);
  });

  test('of a user', () => {
    const credential = 'AKIAEXAMPLE/20261123/ap-northeast-1/sts/aws4_request';
    expect(check(madeUp({ 'X-Amz-Credential': credential, 'X-Amz-Security-Token': undefined }))[0]).toBe(
      '✓ token: signed 3 minutes ago for sts.ap-northeast-1.amazonaws.com with the keys of a user; x-k8s-aws-id is signed',
    );
  });

  test.each([
    ['the global STS', 'us-east-1', 'https://sts.amazonaws.com/', 'aws'],
    ['another region of the partition', 'eu-west-1', 'https://sts.eu-west-1.amazonaws.com/', 'aws'],
    ['the dual-stack STS', 'eu-west-1', 'https://sts.eu-west-1.api.aws/', 'aws'],
    ['the FIPS STS', 'us-west-2', 'https://sts-fips.us-west-2.amazonaws.com/', 'aws'],
    ['China', 'cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn/', 'aws-cn'],
    ['GovCloud', 'us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com/', 'aws-us-gov'],
    ['the European cloud', 'eusc-de-east-1', 'https://sts.eusc-de-east-1.amazonaws.eu/', 'aws-eusc'],
  ])('for %s', (_, region, origin, partition) => {
    const token = madeUp({ 'X-Amz-Credential': `ASIAEXAMPLE/20261123/${region}/sts/aws4_request` }, { origin });
    expect(check(token, { ...dev, partition })[0]).toContain(
      `✓ token: signed 3 minutes ago for ${new URL(origin).host}`,
    );
  });

  test('that our own writer makes', async () => {
    const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: SESSION };
    const token = await bearerToken('dev', 'ap-northeast-1', credentials, new Date('2026-11-23T00:07:00Z'));
    expect(check(token)).toEqual([GOOD, CLUSTER]);
  });
});

test.each<[string, string, string[]]>([
  ['nothing', '', ['it does not begin with k8s-aws-v1.', OTHER]],
  ['a service account', 'eyJhbGciOi.J', ['it does not begin with k8s-aws-v1.', OTHER]],
  [
    'padding',
    `${madeUp()}==`,
    [
      'what is behind k8s-aws-v1. is not unpadded base64url',
      `it was cut, broken into lines, or padded on the way | ${GET} | you`,
    ],
  ],
  ['no URL', `k8s-aws-v1.${Buffer.from('hello').toString('base64url')}`, ['it holds no https:// URL of an STS', OTHER]],
  ['http', madeUp({}, { origin: 'http://sts.amazonaws.com/' }), ['it holds no https:// URL of an STS', OTHER]],
  ['a path', madeUp({}, { origin: 'https://sts.amazonaws.com/x' }), ['it holds no https:// URL of an STS', OTHER]],
  [
    'a VPC endpoint',
    madeUp({}, { origin: 'https://vpce-1.sts.ap-northeast-1.vpce.amazonaws.com/' }),
    [
      'vpce-1.sts.ap-northeast-1.vpce.amazonaws.com is no STS of the partition aws',
      `AWS_ENDPOINT_URL_STS or \`sts_endpoint\` sends the signer elsewhere, or the credentials are of another partition | ${GET} | you`,
    ],
  ],
  [
    'another partition',
    madeUp({}, { origin: 'https://sts.cn-north-1.amazonaws.com.cn/' }),
    [
      'sts.cn-north-1.amazonaws.com.cn is no STS of the partition aws',
      `AWS_ENDPOINT_URL_STS or \`sts_endpoint\` sends the signer elsewhere, or the credentials are of another partition | ${GET} | you`,
    ],
  ],
  [
    'another region than the host',
    madeUp({}, { origin: 'https://sts.eu-west-1.amazonaws.com/' }),
    [
      'signed for sts in ap-northeast-1, and goes to sts.eu-west-1.amazonaws.com',
      `AWS_REGION and the endpoint of STS are for different regions | ${GET} | you`,
    ],
  ],
  [
    'no credential',
    madeUp({ 'X-Amz-Credential': undefined }),
    [
      'signed for nothing in no region, and goes to sts.ap-northeast-1.amazonaws.com',
      `AWS_REGION and the endpoint of STS are for different regions | ${GET} | you`,
    ],
  ],
  ['something more', madeUp({ Foo: 'bar' }), ['its URL has what EKS refuses there, or has it twice: Foo', OTHER]],
  [
    'something twice',
    madeUp({}, { more: '&action=GetCallerIdentity' }),
    ['its URL has what EKS refuses there, or has it twice: action', OTHER],
  ],
  ['another action', madeUp({ Action: 'AssumeRole' }), ['its URL is not for GetCallerIdentity', OTHER]],
  ['no cluster', madeUp({ 'X-Amz-SignedHeaders': 'host' }), ['x-k8s-aws-id is not signed', OTHER]],
  ['a long life', madeUp({ 'X-Amz-Expires': '901' }), ['X-Amz-Expires is not from 0 to 900', OTHER]],
  ['no life', madeUp({ 'X-Amz-Expires': undefined }), ['X-Amz-Expires is not from 0 to 900', OTHER]],
  ['no date', madeUp({ 'X-Amz-Date': undefined }), ['X-Amz-Date is missing or no date', OTHER]],
  ['a bad date', madeUp({ 'X-Amz-Date': '20261323T000700Z' }), ['X-Amz-Date is missing or no date', OTHER]],
  [
    'half of the credentials',
    madeUp({ 'X-Amz-Security-Token': undefined }),
    [
      'temporary credentials signed it, and their session token is missing',
      `AWS_SESSION_TOKEN is not set beside AWS_ACCESS_KEY_ID | ${GET} | you`,
    ],
  ],
  [
    'age',
    madeUp({ 'X-Amz-Date': '20261122T235459Z' }),
    [
      'signed 16 minutes ago, and good for 15 minutes',
      `it was kept for later, or the clock of the machine that signed it is behind | set the clock; then: ${GET} | you`,
    ],
  ],
  [
    'much age',
    madeUp({ 'X-Amz-Date': '20261122T200000Z' }),
    [
      'signed 4 hours ago, and good for 15 minutes',
      `it was kept for later, or the clock of the machine that signed it is behind | set the clock; then: ${GET} | you`,
    ],
  ],
  [
    'a clock ahead',
    madeUp({ 'X-Amz-Date': '20261123T001600Z' }),
    [
      'signed 6 minutes in the future',
      `the clock of the machine that signed it is ahead | set the clock; then: ${GET} | you`,
    ],
  ],
])('a token with %s is refused', (_, token, [line, ...causes]) => {
  expect(check(token)).toEqual([`✗ token: ${line ?? ''}`, ...causes]);
});

test('a token of 4097 bytes is too long', () => {
  const [line, ...causes] = check(madeUp({ 'X-Amz-Security-Token': 'x'.repeat(4000) }));
  expect(line).toMatch(/^✗ token: \d{4} bytes long, and EKS reads no more than 4096$/);
  expect(causes).toEqual([
    'the session carries many tags or a long policy, which are all in its session token | sign in with fewer session tags, or as a role without them | you',
  ]);
});

test('several flaws are told at once', () => {
  const token = madeUp({ Action: 'X', 'X-Amz-Date': '20261122T200000Z' });
  expect(check(token)[0]).toBe(
    '✗ token: its URL is not for GetCallerIdentity; signed 4 hours ago, and good for 15 minutes',
  );
});

test('nothing secret is told of any token', () => {
  for (const token of [madeUp(), madeUp({ Action: 'X' }), madeUp({ Foo: SIGNATURE }), `${madeUp()}=`]) {
    const told = JSON.stringify(tokenStep({ token, now }, dev));
    for (const secret of [SIGNATURE, SESSION, 'ASIAEXAMPLE', token.slice(11, 60)]) expect(told).not.toContain(secret);
  }
});

const TRY =
  '(whether it is a good one: aws eks get-token --cluster-name dev --region ap-northeast-1 | npx hajime login-check dev --token -)';
const OLD =
  'the AWS CLI is older than 1.24.0 or 2.7.0, and makes tokens that kubectl 1.24 and later refuse | update the AWS CLI to version 2 | you';

test.each<[string | undefined, string | undefined, string[]]>([
  ['aws-cli/2.15.0 Python/3.11.6', undefined, ['✓ token: aws-cli 2.15.0 can make one', TRY]],
  ['aws-cli/1.24.0 Python/3.8.10', undefined, ['✓ token: aws-cli 1.24.0 can make one', TRY]],
  [undefined, '{"Version":"v0.7.5"}', ['✓ token: aws-iam-authenticator 0.7.5 can make one', TRY]],
  [
    'aws-cli/1.16.155',
    'unversioned',
    ['✓ token: aws-cli 1.16.155 and aws-iam-authenticator of an unknown version can make one', TRY],
  ],
  ['aws-cli/1.23.9', undefined, ['✗ token: aws-cli 1.23.9 is too old', OLD]],
  ['aws-cli/2.6.4', undefined, ['✗ token: aws-cli 2.6.4 is too old', OLD]],
  [
    undefined,
    undefined,
    [
      '✗ token: neither aws nor aws-iam-authenticator is on PATH',
      'kubectl finds nothing here that makes a token | install the AWS CLI, version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html | you',
    ],
  ],
])('aws %j and authenticator %j', (aws, authenticator, lines) => {
  expect(shown(tokenStep({ aws, authenticator, now }, dev).step)).toEqual(lines);
});

import { bearerToken } from '../../../lib/access/writer/token';

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session/+=' };
const now = new Date('2026-11-23T00:00:00Z');

async function urlOf(region: string): Promise<URL> {
  const token = await bearerToken('dev', region, credentials, now);
  expect(token.startsWith('k8s-aws-v1.')).toBe(true);
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
}

test('is a presigned call of the regional STS that names the cluster in its signature', async () => {
  const url = await urlOf('ap-northeast-1');
  expect(url.origin + url.pathname).toBe('https://sts.ap-northeast-1.amazonaws.com/');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'ASIAEXAMPLE/20261123/ap-northeast-1/sts/aws4_request',
    'X-Amz-Date': '20261123T000000Z',
    'X-Amz-Expires': '60',
    'X-Amz-Security-Token': 'session/+=',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
});

test('another cluster has another signature', async () => {
  const signature = (token: string): string | null =>
    new URL(Buffer.from(token.slice(11), 'base64url').toString()).searchParams.get('X-Amz-Signature');
  const [dev, prod] = await Promise.all(
    ['dev', 'prod'].map((name) => bearerToken(name, 'eu-west-1', credentials, now)),
  );
  expect(signature(dev ?? '')).not.toBe(signature(prod ?? ''));
});

test('China has hosts of its own', async () => {
  expect((await urlOf('cn-north-1')).hostname).toBe('sts.cn-north-1.amazonaws.com.cn');
});

import { certificateAuthorityData } from '../../../lib/access/login/certificate-authority';
import { readDescribedCluster } from '../../../lib/access/login/described-cluster';
import { isEksHost, readEndpoint } from '../../../lib/access/login/endpoint-url';
import { execStanza } from '../../../lib/access/login/exec-stanza';
import { grantLogin } from '../../../lib/access/login/grant-login';
import { kubeconfigText } from '../../../lib/access/login/kubeconfig';
import { kubeconfigCommand } from '../../../lib/access/login/kubeconfig-command';
import { shellWord } from '../../../lib/access/login/shell-word';

const dev = { clusterName: 'dev', region: 'ap-northeast-1' };
const roleArn = 'arn:aws:iam::111122223333:role/ci/Deployers';

test.each([
  ['dev', 'dev'],
  [roleArn, roleArn],
  ['', "''"],
  ['two words', "'two words'"],
  ["mei's", String.raw`'mei'\''s'`],
  ['$HOME;`id`', "'$HOME;`id`'"],
  ['role/a@b,c=d+e', "'role/a@b,c=d+e'"],
  ['line\nbreak', "'line\nbreak'"],
  ['日本', "'日本'"],
])('a shell reads %j back', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test.each([
  [{}, 'aws eks update-kubeconfig --name dev --region ap-northeast-1'],
  [{ roleArn }, `aws eks update-kubeconfig --name dev --region ap-northeast-1 --role-arn ${roleArn}`],
  [{ profile: 'my own' }, "aws eks update-kubeconfig --name dev --region ap-northeast-1 --profile 'my own'"],
  [{ alias: 'x' }, 'aws eks update-kubeconfig --name dev --region ap-northeast-1 --alias x --user-alias x'],
])('the command of %j', (more, command) => {
  expect(kubeconfigCommand({ ...dev, ...more })).toBe(command);
});

describe('the exec stanza', () => {
  test('of the AWS CLI', () => {
    expect(execStanza('aws', { ...dev, roleArn, profile: 'p' })).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      args: [
        ...['--region', 'ap-northeast-1', 'eks', 'get-token', '--cluster-name', 'dev', '--output', 'json'],
        ...['--role-arn', roleArn],
      ],
      command: 'aws',
      env: [{ name: 'AWS_PROFILE', value: 'p' }],
    });
    expect(Object.keys(execStanza('aws', dev))).toEqual(['apiVersion', 'args', 'command']);
  });

  test('of aws-iam-authenticator', () => {
    expect(execStanza('aws-iam-authenticator', { ...dev, roleArn })).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      args: ['token', '-i', 'dev', '-r', roleArn],
      command: 'aws-iam-authenticator',
      env: [
        { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
        { name: 'AWS_DEFAULT_REGION', value: 'ap-northeast-1' },
      ],
    });
  });
});

describe('a whole kubeconfig', () => {
  const ours = { ...dev, account: '111122223333' };

  test('is what the AWS CLI 1.45.11 writes, byte for byte', () => {
    const endpoint = 'https://ABC.gr7.ap-northeast-1.eks.amazonaws.com';
    expect(kubeconfigText({ ...ours, endpoint, certificateAuthority: 'LS0tLS1C' })).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1C
    server: https://ABC.gr7.ap-northeast-1.eks.amazonaws.com
  name: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
contexts:
- context:
    cluster: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
    user: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
  name: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
current-context: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
kind: Config
preferences: {}
users:
- name: arn:aws:eks:ap-northeast-1:111122223333:cluster/dev
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - ap-northeast-1
      - eks
      - get-token
      - --cluster-name
      - dev
      - --output
      - json
      command: aws
`);
  });

  test('says where to find what is missing, and names its context by the alias', () => {
    const text = kubeconfigText({ ...ours, region: 'cn-north-1', alias: 'dev-ops', tool: 'aws-iam-authenticator' });
    expect(text)
      .toBe(`# <certificate-authority-data>: aws eks describe-cluster --name dev --region cn-north-1 --query cluster.certificateAuthority.data --output text
# <endpoint>: aws eks describe-cluster --name dev --region cn-north-1 --query cluster.endpoint --output text
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: <certificate-authority-data>
    server: <endpoint>
  name: arn:aws-cn:eks:cn-north-1:111122223333:cluster/dev
contexts:
- context:
    cluster: arn:aws-cn:eks:cn-north-1:111122223333:cluster/dev
    user: dev-ops
  name: dev-ops
current-context: dev-ops
kind: Config
preferences: {}
users:
- name: dev-ops
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - token
      - -i
      - dev
      command: aws-iam-authenticator
      env:
      - name: AWS_STS_REGIONAL_ENDPOINTS
        value: regional
      - name: AWS_DEFAULT_REGION
        value: cn-north-1
`);
  });
});

describe('the holder of a grant', () => {
  const login = (principal: string, profile?: string): ReturnType<typeof grantLogin> =>
    grantLogin({ grant: 'ops', principal, clusterName: 'dev', account: '111122223333', profile });
  const sso = (account: string): string =>
    `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef`;

  test('of a role assumes it', () => {
    expect(login(roleArn)).toMatchInlineSnapshot(`
     {
       "before": [],
       "notes": [
         "your own credentials need sts:AssumeRole on arn:aws:iam::111122223333:role/ci/Deployers, and its trust policy must let you",
         "to write the kubeconfig, your own credentials and not the role must be allowed eks:DescribeCluster; \`--cluster-json\` does without",
       ],
       "profile": undefined,
       "roleArn": "arn:aws:iam::111122223333:role/ci/Deployers",
     }
    `);
  });

  test('of a permission set signs in with a profile', () => {
    expect(login(sso('111122223333'))).toMatchInlineSnapshot(`
     {
       "before": [
         {
           "command": "aws configure sso --profile dev-ops",
           "why": "once; choose account 111122223333 and permission set Dev",
         },
         {
           "command": "aws sso login --profile dev-ops",
           "why": "whenever the session has ended",
         },
       ],
       "notes": [
         "nobody can assume the role of a permission set by its ARN, so there is no --role-arn: IAM Identity Center signs you in to it",
         "to write the kubeconfig, permission set Dev must be allowed eks:DescribeCluster; \`--cluster-json\` does without",
       ],
       "profile": "dev-ops",
     }
    `);
    expect(login(sso('111122223333'), 'mine').before.map(({ command }) => command)).toEqual([
      'aws configure sso --profile mine',
      'aws sso login --profile mine',
    ]);
  });

  test('that is a user signs with keys of their own', () => {
    expect(login('arn:aws:iam::111122223333:user/team/mei', 'mei')).toMatchInlineSnapshot(`
     {
       "before": [],
       "notes": [
         "user mei signs with keys of their own, so there is no --role-arn: \`aws sts get-caller-identity --profile mei\` must show arn:aws:iam::111122223333:user/team/mei",
         "to write the kubeconfig, user mei must be allowed eks:DescribeCluster; \`--cluster-json\` does without",
       ],
       "profile": "mei",
     }
    `);
  });

  test('of another account cannot describe the cluster', () => {
    expect([sso('999900001111'), roleArn.replace('1111', '9999')].map((arn) => login(arn).notes[1]))
      .toMatchInlineSnapshot(`
     [
       "the principal is of account 999900001111, the cluster of 111122223333: eks:DescribeCluster needs credentials of 111122223333, so have somebody there save the answer of \`aws eks describe-cluster\` and take \`--cluster-json\`",
       "the principal is of account 999922223333, the cluster of 111122223333: eks:DescribeCluster needs credentials of 111122223333, so have somebody there save the answer of \`aws eks describe-cluster\` and take \`--cluster-json\`",
     ]
    `);
  });
});

describe('what describe-cluster prints', () => {
  const place = { ...dev, account: '111122223333' };
  const cluster = {
    name: 'dev',
    arn: 'arn:aws:eks:ap-northeast-1:111122223333:cluster/dev',
    endpoint: 'https://ABC.gr7.ap-northeast-1.eks.amazonaws.com',
    certificateAuthority: { data: 'LS0tLS1C' },
    resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] },
    accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
  };

  test('is read, whole or as the cluster alone', () => {
    const read = {
      name: 'dev',
      arn: cluster.arn,
      endpoint: cluster.endpoint,
      certificateAuthority: 'LS0tLS1C',
      publicAccessCidrs: ['203.0.113.0/24'],
      authenticationMode: 'API',
      creatorIsAdministrator: true,
    };
    expect(readDescribedCluster(JSON.stringify({ cluster }), '--cluster-json', place)).toEqual(read);
    expect(readDescribedCluster(JSON.stringify(cluster), '--cluster-json', place)).toEqual(read);
  });

  test('may lack what a cluster lacks that is being made', () => {
    const { name, arn } = cluster;
    const vpc = { endpointPublicAccess: false, publicAccessCidrs: ['0.0.0.0/0'] };
    const text = JSON.stringify({ name, arn, resourcesVpcConfig: vpc, accessConfig: { authenticationMode: 'NEW' } });
    expect(readDescribedCluster(text, '--cluster-json', place)).toEqual({ name, arn });
  });

  const UNREADABLE =
    '`--cluster-json` must hold a cluster with its name and ARN, as `aws eks describe-cluster` prints it';
  const other = JSON.stringify({ cluster: { ...cluster, arn: cluster.arn.replace('ap-', 'us-') } });
  test.each([
    ['nothing', '', '`--cluster-json` must be JSON, as `aws eks describe-cluster --output json` prints it'],
    ['a list', '[]', UNREADABLE],
    ['something else', '{"cluster":{"name":1}}', UNREADABLE],
    [
      'another cluster',
      other,
      '`--cluster-json` must be of the cluster arn:…:eks:ap-northeast-1:111122223333:cluster/dev, got "arn:aws:eks:us-northeast-1:111122223333:cluster/dev"',
    ],
  ])('is refused if it is %s', (_, text, problem) => {
    expect(readDescribedCluster(text, '--cluster-json', place)).toBe(problem);
  });
});

test.each([
  ['https://ABC.gr7.eu-west-1.eks.amazonaws.com', { host: 'abc.gr7.eu-west-1.eks.amazonaws.com', port: 443 }],
  ['https://abc.example/', { url: 'https://abc.example', host: 'abc.example', port: 443 }],
  ['127.0.0.1:6443', { url: 'https://127.0.0.1:6443', host: '127.0.0.1', port: 6443 }],
  ['https://[::1]:6443', { host: '::1', port: 6443 }],
])('%s is an endpoint', (text, read) => {
  expect(readEndpoint(text, '--endpoint')).toMatchObject(read);
});

test.each(['http://abc.example', 'https://abc.example/api', 'https://mei@abc.example', 'ssh://abc', 'https://a b', ''])(
  '%j is no endpoint',
  (text) => {
    expect(readEndpoint(text, '--endpoint')).toBe(
      `\`--endpoint\` must be the https:// address of a cluster and nothing behind it, got ${JSON.stringify(text)}`,
    );
  },
);

test.each([
  ['abc.gr7.eu-west-1.eks.amazonaws.com', true],
  ['abc.yl4.cn-north-1.eks.amazonaws.com.cn', true],
  ['eks-cluster.eu-west-1.api.aws', true],
  ['127.0.0.1', false],
  ['eks.amazonaws.com.example', false],
  ['abc.eks.amazonaws.com.evil.example', false],
])('%s is an endpoint of EKS: %s', (host, isOne) => {
  expect(isEksHost(host)).toBe(isOne);
});

test('a certificate is taken as PEM or as base64 of it', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
  const data = Buffer.from(pem).toString('base64');
  expect([pem, data, ` ${data}\n`, 'MII=', 'no such thing', ''].map(certificateAuthorityData)).toEqual([
    ...[data, data, data],
    ...[undefined, undefined, undefined],
  ]);
});

import { awsFailure } from '../../../lib/access/login/aws-failure';
import { endpointStep, type EndpointFacts, type Probe } from '../../../lib/access/login/endpoint-step';
import { shown } from './steps';

const place = { clusterName: 'dev', kubeconfigCommand: 'aws eks update-kubeconfig --name dev --region eu-west-1' };
const check = (facts: EndpointFacts): string[] => shown(endpointStep(facts, place));

const host = 'abc.gr7.eu-west-1.eks.amazonaws.com';
const probe = (more: Partial<Probe>): { probe: Probe } => ({
  probe: { host, port: 443, addresses: ['10.0.3.7', '10.0.4.7'], reached: 'nothing', ...more },
});
const open = { publicAccessCidrs: ['203.0.113.0/24'] };

const OUTSIDE =
  'the endpoint is private and you are outside the VPC | come from inside: a VPN, a peered network, or a machine in the VPC whose security group the cluster lets in on 443; or name your range in `controlPlane.publicAccessCidrs` of config/dev.ts and deploy | whoever runs the network, or whoever deploys dev';
const FIREWALL = 'a firewall on the way drops port 443 | let TCP 443 out to it | whoever runs the network here';
const REMADE =
  'the cluster dev was deleted or made again, which gives it another endpoint | aws eks update-kubeconfig --name dev --region eu-west-1 | whoever may call eks:DescribeCluster';
const WITHHELD =
  "the name server here withholds names with private addresses | resolve the host with the VPC's own resolver, or exempt eks.amazonaws.com from rebinding protection | whoever runs the network here";
const BETWEEN =
  'something between here and the cluster answers in its place, such as a proxy that reads TLS | go around it, or ask for an exception for the host | whoever runs the network here';
const PROXY =
  'kubectl goes through the proxy of HTTPS_PROXY, and this went straight | ask the proxy for the host, or put the host into NO_PROXY | you';

test.each<[string, EndpointFacts, string[]]>([
  [
    'private and untried',
    {},
    [
      '– endpoint: private, inside the VPC only; not tried: --endpoint or --cluster-json says where it is, --probe asks AWS',
    ],
  ],
  [
    'public and untried',
    open,
    [
      '– endpoint: public for 203.0.113.0/24; not tried: --endpoint or --cluster-json says where it is, --probe asks AWS',
    ],
  ],
  [
    'untried for a reason',
    { untried: 'the cluster has no endpoint yet' },
    ['– endpoint: private, inside the VPC only; not tried: the cluster has no endpoint yet'],
  ],
  ['reached', probe({ reached: 'tls', trusted: true }), [`✓ endpoint: ${host}:443 answers here with TLS`]],
  [
    'reached, with nothing to check its certificate by',
    probe({ reached: 'tls' }),
    [`✓ endpoint: ${host}:443 answers here with TLS; its certificate was not checked, --ca or --cluster-json would`],
  ],
  [
    'answered for by another',
    probe({ reached: 'tls', trusted: false }),
    [`✗ endpoint: ${host}:443 shows a certificate that is not from the authority of the cluster`, BETWEEN],
  ],
  [
    'without TLS',
    probe({ reached: 'tcp', error: 'ECONNRESET' }),
    [`✗ endpoint: ${host}:443 takes the connection but speaks no TLS (ECONNRESET)`, BETWEEN],
  ],
  [
    'unknown to the name server',
    probe({ addresses: [], error: 'ENOTFOUND' }),
    [`✗ endpoint: ${host}:443 does not resolve here (ENOTFOUND)`, REMADE, WITHHELD],
  ],
  [
    'public and unknown to the name server',
    { ...open, ...probe({ addresses: [], error: 'EAI_AGAIN' }) },
    [`✗ endpoint: ${host}:443 does not resolve here (EAI_AGAIN)`, REMADE],
  ],
  [
    'private and silent',
    probe({ error: 'ETIMEDOUT' }),
    [`✗ endpoint: ${host}:443 does not answer: ETIMEDOUT (10.0.3.7, 10.0.4.7)`, OUTSIDE, FIREWALL],
  ],
  [
    'both, and resolved to private addresses',
    { ...open, ...probe({ addresses: ['fd00::7'], error: 'EHOSTUNREACH' }) },
    [`✗ endpoint: ${host}:443 does not answer: EHOSTUNREACH (fd00::7)`, OUTSIDE, FIREWALL],
  ],
  [
    'public and silent',
    { ...open, ...probe({ addresses: ['198.51.100.7'], error: 'ETIMEDOUT' }) },
    [
      `✗ endpoint: ${host}:443 does not answer: ETIMEDOUT (198.51.100.7)`,
      'the address you go out with is in none of the ranges that may come in (203.0.113.0/24) | `curl https://checkip.amazonaws.com` shows it; add it to `controlPlane.publicAccessCidrs` of config/dev.ts and deploy | whoever deploys dev',
      FIREWALL,
    ],
  ],
  [
    'private with public addresses',
    probe({ addresses: ['2600:1f14::7'], error: 'ETIMEDOUT' }),
    [
      `✗ endpoint: ${host}:443 does not answer: ETIMEDOUT (2600:1f14::7)`,
      "the host has public addresses, and the endpoint of config/dev.ts is private: this is another cluster, or the config is not deployed | npx cdk diff 'dev/*' | whoever deploys dev",
      FIREWALL,
    ],
  ],
  [
    'refused',
    { proxied: true, ...probe({ addresses: ['127.0.0.1'], error: 'ECONNREFUSED' }) },
    [
      `✗ endpoint: ${host}:443 refuses the connection (127.0.0.1)`,
      'nothing listens there: a tunnel or port forwarding that has ended, or another address than the cluster has | start the tunnel again, or: aws eks update-kubeconfig --name dev --region eu-west-1 | you',
      PROXY,
    ],
  ],
])('an endpoint that is %s', (_, facts, lines) => {
  expect(check(facts)).toEqual(lines);
});

test.each<[string, string[]]>([
  [
    'An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: dev.',
    [
      "there is no cluster dev in eu-west-1 of that account: it is not deployed yet, or the credentials are of another account | `aws sts get-caller-identity` shows the account; npx cdk deploy 'dev/*' | whoever deploys dev",
    ],
  ],
  [
    'An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: x is not authorized',
    [
      'the credentials at hand may not call eks:describe-cluster | allow it in a policy of theirs, or have somebody save the answer and give it with --cluster-json | whoever administers IAM in the account',
    ],
  ],
  [
    'Error loading SSO Token: Token for mine does not exist\nThe SSO session associated with this profile has expired',
    ['the session of the credentials has ended | aws sso login --profile mine | you'],
  ],
  [
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    [
      'there are no credentials here, or none that AWS knows | `aws configure list` shows where they are looked for; set AWS_PROFILE or give --profile | you',
    ],
  ],
  ['x'.repeat(300), ['the AWS CLI cannot ask AWS | run the same command yourself; with --debug it tells more | you']],
  ['', ['the AWS CLI cannot ask AWS | run the same command yourself; with --debug it tells more | you']],
])('the AWS CLI that says %j', (stderr, causes) => {
  const call = { call: ['eks', 'describe-cluster'], clusterName: 'dev', region: 'eu-west-1', profile: 'mine' };
  const [line = '', ...told] = check({ awsFailure: awsFailure({ ...call, stderr }) });
  expect(told).toEqual(causes);
  const last = stderr.split('\n').at(-1) ?? '';
  const said = last.length > 200 ? `${last.slice(0, 199)}…` : last;
  expect(line).toBe(`✗ endpoint: aws eks describe-cluster fails${said === '' ? '' : `: ${said}`}`);
});

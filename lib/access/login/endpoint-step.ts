import { BlockList, isIPv6 } from 'node:net';
import type { AwsFailure } from './aws-failure';
import { failed, passed, skipped, YOU, type LikelyCause, type LoginStep } from './login-step';

/** What came of connecting to an endpoint. */
export interface Probe {
  /** The host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The addresses it resolved to here. */
  readonly addresses: readonly string[];
  /** How far it came: not to a connection, to one, or to TLS on it. */
  readonly reached: 'nothing' | 'tcp' | 'tls';
  /**
   * Why it came no further, such as `ENOTFOUND` or `ETIMEDOUT`.
   *
   * @default - it came to TLS
   */
  readonly error?: string;
  /**
   * Whether the certificate is from the cluster's authority.
   *
   * @default - the authority is not known
   */
  readonly trusted?: boolean;
}

/** What is known of a cluster's endpoint. */
export interface EndpointFacts {
  /**
   * Ranges that may reach it from outside.
   *
   * @default - it is private
   */
  readonly publicAccessCidrs?: readonly string[];
  /**
   * What came of connecting to it.
   *
   * @default - it was not tried
   */
  readonly probe?: Probe;
  /**
   * Why it was not tried although it was meant to be.
   *
   * @default - it was not meant to be
   */
  readonly untried?: string;
  /**
   * What AWS said in place of telling where it is.
   *
   * @default - AWS told, or was not asked
   */
  readonly awsFailure?: AwsFailure;
  /**
   * Whether kubectl would go through a proxy.
   *
   * @default false
   */
  readonly proxied?: boolean;
}

/** What endpoint messages name. */
export interface EndpointPlace {
  /** The platform, whose config and cluster have its name. */
  readonly clusterName: string;
  /** The command that writes the kubeconfig anew. */
  readonly kubeconfigCommand: string;
}

/** Whether the cluster can be reached from here. */
export function endpointStep(facts: EndpointFacts, place: EndpointPlace): LoginStep {
  const { probe, awsFailure, untried } = facts;
  if (awsFailure !== undefined) return failed('endpoint', awsFailure.line, awsFailure.causes);
  if (probe === undefined) {
    const how = untried ?? '--endpoint or --cluster-json says where it is, --probe asks AWS';
    return skipped('endpoint', `${scope(facts)}; not tried: ${how}`);
  }
  const { host, port, trusted, reached } = probe;
  const at = `${host}:${port}`;
  if (reached === 'tls' && trusted !== false) {
    const checked = trusted === true ? '' : '; its certificate was not checked, --ca or --cluster-json would';
    return passed('endpoint', `${at} answers here with TLS${checked}`);
  }
  const { line, causes } = outcome(probe, facts, place);
  return failed('endpoint', `${at} ${line}`, [...causes, ...(facts.proxied === true ? [PROXY] : [])]);
}

function scope({ publicAccessCidrs }: EndpointFacts): string {
  return publicAccessCidrs === undefined
    ? 'private, inside the VPC only'
    : `public for ${publicAccessCidrs.join(', ')}`;
}

const PROXY: LikelyCause = {
  cause: 'kubectl goes through the proxy of HTTPS_PROXY, and this went straight',
  fix: 'ask the proxy for the host, or put the host into NO_PROXY',
  who: YOU,
};

type Outcome = { readonly line: string; readonly causes: readonly LikelyCause[] };

function outcome(probe: Probe, facts: EndpointFacts, place: EndpointPlace): Outcome {
  const { error = '', reached, addresses } = probe;
  if (reached === 'tls')
    return { line: 'shows a certificate that is not from the authority of the cluster', causes: [BETWEEN] };
  if (reached === 'tcp') return { line: `takes the connection but speaks no TLS (${error})`, causes: [BETWEEN] };
  if (addresses.length === 0) return { line: `does not resolve here (${error})`, causes: unresolved(facts, place) };
  const where = `(${addresses.join(', ')})`;
  if (error === 'ECONNREFUSED') return { line: `refuses the connection ${where}`, causes: [refusing(place)] };
  return { line: `does not answer: ${error} ${where}`, causes: [silent(addresses, facts, place), ...FIREWALL] };
}

const BETWEEN: LikelyCause = {
  cause: 'something between here and the cluster answers in its place, such as a proxy that reads TLS',
  fix: 'go around it, or ask for an exception for the host',
  who: 'whoever runs the network here',
};

const FIREWALL: readonly LikelyCause[] = [
  {
    cause: 'a firewall on the way drops port 443',
    fix: 'let TCP 443 out to it',
    who: 'whoever runs the network here',
  },
];

function unresolved(facts: EndpointFacts, { clusterName, kubeconfigCommand }: EndpointPlace): LikelyCause[] {
  const withheld: LikelyCause = {
    cause: 'the name server here withholds names with private addresses',
    fix: "resolve the host with the VPC's own resolver, or exempt eks.amazonaws.com from rebinding protection",
    who: 'whoever runs the network here',
  };
  return [
    {
      cause: `the cluster ${clusterName} was deleted or made again, which gives it another endpoint`,
      fix: kubeconfigCommand,
      who: 'whoever may call eks:DescribeCluster',
    },
    ...(facts.publicAccessCidrs === undefined ? [withheld] : []),
  ];
}

function refusing({ kubeconfigCommand }: EndpointPlace): LikelyCause {
  return {
    cause: 'nothing listens there: a tunnel or port forwarding that has ended, or another address than the cluster has',
    fix: `start the tunnel again, or: ${kubeconfigCommand}`,
    who: YOU,
  };
}

function silent(
  addresses: readonly string[],
  { publicAccessCidrs }: EndpointFacts,
  { clusterName }: EndpointPlace,
): LikelyCause {
  const config = `config/${clusterName}.ts`;
  if (addresses.every(isPrivate)) {
    return {
      cause: 'the endpoint is private and you are outside the VPC',
      fix: `come from inside: a VPN, a peered network, or a machine in the VPC whose security group the cluster lets in on 443; or name your range in \`controlPlane.publicAccessCidrs\` of ${config} and deploy`,
      who: `whoever runs the network, or whoever deploys ${clusterName}`,
    };
  }
  if (publicAccessCidrs === undefined) {
    return {
      cause: `the host has public addresses, and the endpoint of ${config} is private: this is another cluster, or the config is not deployed`,
      fix: `npx cdk diff '${clusterName}/*'`,
      who: `whoever deploys ${clusterName}`,
    };
  }
  return {
    cause: `the address you go out with is in none of the ranges that may come in (${publicAccessCidrs.join(', ')})`,
    fix: `\`curl https://checkip.amazonaws.com\` shows it; add it to \`controlPlane.publicAccessCidrs\` of ${config} and deploy`,
    who: `whoever deploys ${clusterName}`,
  };
}

const PRIVATE = new BlockList();
for (const [range, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(range, prefix, 'ipv4');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

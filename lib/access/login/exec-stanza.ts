/** What signs a token for the cluster. */
export type TokenTool = 'aws' | 'aws-iam-authenticator';

/** Whom a kubeconfig signs in as, and where. */
export interface Login {
  /** The cluster's name, which is the platform's. */
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  /**
   * The ARN of a role to assume first, with its path.
   *
   * @default - the credentials at hand sign
   */
  readonly roleArn?: string;
  /**
   * The profile of the AWS CLI whose credentials sign.
   *
   * @default - the credentials at hand
   */
  readonly profile?: string;
}

/** How kubectl gets a token: the `exec` of a kubeconfig's user, its keys in the order in which the AWS CLI writes them. */
export interface ExecStanza {
  /** The form of the answer. */
  readonly apiVersion: 'client.authentication.k8s.io/v1beta1';
  /** The arguments. */
  readonly args: readonly string[];
  /** The command. */
  readonly command: TokenTool;
  /**
   * Environment variables.
   *
   * @default - none
   */
  readonly env?: readonly EnvVariable[];
}

/** An environment variable of an {@link ExecStanza}. */
export interface EnvVariable {
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
}

/**
 * The stanza for one of the two tools. It names no `interactiveMode`, as the AWS CLI names none: with v1beta1 it is
 * `IfAvailable`, so a tool may ask for the code of an MFA device.
 *
 * @see https://github.com/aws/aws-cli/blob/1.45.11/awscli/customizations/eks/update_kubeconfig.py
 */
export function execStanza(tool: TokenTool, login: Login): ExecStanza {
  const { args, env } = TOOLS[tool](login);
  const { profile } = login;
  const all = [...env, ...(profile === undefined ? [] : [{ name: 'AWS_PROFILE', value: profile }])];
  return {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    args,
    command: tool,
    ...(all.length === 0 ? {} : { env: all }),
  };
}

type Stanza = { readonly args: readonly string[]; readonly env: readonly EnvVariable[] };

const TOOLS: Readonly<Record<TokenTool, (login: Login) => Stanza>> = {
  aws: ({ clusterName, region, roleArn }) => ({
    args: [
      ...['--region', region, 'eks', 'get-token', '--cluster-name', clusterName, '--output', 'json'],
      ...(roleArn === undefined ? [] : ['--role-arn', roleArn]),
    ],
    env: [],
  }),
  'aws-iam-authenticator': ({ clusterName, region, roleArn }) => ({
    args: ['token', '-i', clusterName, ...(roleArn === undefined ? [] : ['-r', roleArn])],
    // by itself it may sign for the global STS, which only the partition `aws` has
    env: [
      { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
      { name: 'AWS_DEFAULT_REGION', value: region },
    ],
  }),
};

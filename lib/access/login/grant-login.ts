import { permissionSetOf, SSO_PATH } from '../permission-set';
import { parsePrincipal } from '../principal';
import type { KubeconfigTarget } from './kubeconfig-command';
import { commandLine } from './shell-word';

/** How the holder of a grant signs in. */
export interface GrantLogin extends Pick<KubeconfigTarget, 'roleArn' | 'profile'> {
  /** Commands that come before `aws eks update-kubeconfig`, each with what it is for. */
  readonly before: readonly { readonly command: string; readonly why: string }[];
  /** What to know about it, a sentence each. */
  readonly notes: readonly string[];
}

/** What the way in depends on besides the grant. */
export interface GrantLoginProps {
  /** The grant's name. */
  readonly grant: string;
  /** The principal's whole ARN. */
  readonly principal: string;
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's account. */
  readonly account: string;
  /**
   * The profile of the AWS CLI to sign with.
   *
   * @default - for a permission set `<cluster>-<grant>`, for others the credentials at hand
   */
  readonly profile?: string;
}

/** How the holder of a grant signs in: a role is assumed, a permission set's is signed in to, a user signs as they are. */
export function grantLogin(props: GrantLoginProps): GrantLogin {
  const { grant, principal, clusterName, profile } = props;
  const { kind, path, name, account } = parsePrincipal(principal) ?? {
    ...{ kind: 'role', path: '/', name: principal, account: props.account },
  };
  const permissionSet = path.startsWith(SSO_PATH) ? permissionSetOf(name) : undefined;
  const elsewhere = account === props.account ? undefined : { theirs: account, ours: props.account };
  if (permissionSet !== undefined) {
    const own = profile ?? `${clusterName}-${grant}`;
    return {
      profile: own,
      before: [
        {
          command: commandLine(['aws', 'configure', 'sso', '--profile', own]),
          why: `once; choose account ${account} and permission set ${permissionSet}`,
        },
        { command: commandLine(['aws', 'sso', 'login', '--profile', own]), why: 'whenever the session has ended' },
      ],
      notes: [
        `nobody can assume the role of a permission set by its ARN, so there is no --role-arn: IAM Identity Center signs you in to it`,
        describes(`permission set ${permissionSet}`, elsewhere),
      ],
    };
  }
  if (kind === 'user') {
    const shown = commandLine([
      'aws',
      'sts',
      'get-caller-identity',
      ...(profile === undefined ? [] : ['--profile', profile]),
    ]);
    return {
      profile,
      before: [],
      notes: [
        `user ${name} signs with keys of their own, so there is no --role-arn: \`${shown}\` must show ${principal}`,
        describes(`user ${name}`, elsewhere),
      ],
    };
  }
  return {
    roleArn: principal,
    profile,
    before: [],
    notes: [
      `your own credentials need sts:AssumeRole on ${principal}, and its trust policy must let you`,
      describes('your own credentials and not the role', elsewhere),
    ],
  };
}

function describes(who: string, elsewhere: { readonly theirs: string; readonly ours: string } | undefined): string {
  if (elsewhere === undefined) {
    return `to write the kubeconfig, ${who} must be allowed eks:DescribeCluster; \`--cluster-json\` does without`;
  }
  const { theirs, ours } = elsewhere;
  return `the principal is of account ${theirs}, the cluster of ${ours}: eks:DescribeCluster needs credentials of ${ours}, so have somebody there save the answer of \`aws eks describe-cluster\` and take \`--cluster-json\``;
}

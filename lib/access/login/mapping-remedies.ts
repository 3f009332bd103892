import type { LikelyCause } from './login-step';
import { commandLine } from './shell-word';

/** What mapping messages name. */
export interface MappingPlace {
  /** The cluster's name, which is the platform's. */
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  /**
   * Whether the access is what a cluster holds; otherwise it is what the config comes to.
   *
   * @default false
   */
  readonly live?: boolean;
  /**
   * Whether whoever made the cluster is an administrator.
   *
   * @default false
   */
  readonly creatorIsAdministrator?: boolean;
}

type Remedy = Omit<LikelyCause, 'cause'>;

/** What can be done about a caller that a cluster does not know. */
export interface MappingRemedies {
  /** Give it an access entry. */
  readonly entry: Remedy;
  /** Make its access entry one for people. */
  readonly entryType: Remedy;
  /** Write a line of aws-auth differently. */
  readonly line: (where: string, arn: string) => Remedy;
  /** Let the cluster hold what the config says. */
  readonly deploy: Remedy;
  /** Repair aws-auth. */
  readonly configMap: Remedy;
  /** Name people in a line of aws-auth. */
  readonly template: Remedy;
  /** Find the role of a permission set again. */
  readonly permissionSet: Remedy;
  /** Let the mode read access entries. */
  readonly mode: Remedy;
  /** Sign in as somebody who is known. */
  readonly signInAs: (arn: string) => Remedy;
  /** Look whose the credentials are. */
  readonly profile: Remedy;
}

/** The remedies of one cluster: in the config if it is from there, and with the AWS CLI. */
export function remediesFor({ clusterName, region, live = false }: MappingPlace): MappingRemedies {
  const config = `config/${clusterName}.ts`;
  const create = commandLine(['aws', 'eks', 'create-access-entry', '--cluster-name', clusterName, '--region', region]);
  const entries = 'whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy';
  const writers =
    'whoever may update the ConfigMap aws-auth in kube-system, such as a cluster-admin that comes in by an access entry';
  const deployers = `whoever deploys ${clusterName}`;
  const byHand = `${create} --principal-arn <the whole ARN, with its path>`;
  return {
    entry: live
      ? { fix: byHand, who: entries }
      : {
          fix: `add a grant for it to \`access.grants\` of ${config} and deploy`,
          who: `${deployers}; at once, ${entries}`,
        },
    entryType: {
      fix: 'delete the entry and make one of type STANDARD: a type never changes',
      who: live ? `${entries}, and eks:DeleteAccessEntry` : deployers,
    },
    line: (where, arn) => ({ fix: `write ${arn} in ${where}`, who: writers }),
    deploy: { fix: `npx cdk diff '${clusterName}/*', and deploy`, who: deployers },
    configMap: { fix: 'repair the ConfigMap', who: writers },
    template: { fix: 'name people otherwise in that line, such as `username: ops:{{SessionName}}`', who: writers },
    permissionSet: live
      ? { fix: byHand, who: entries }
      : {
          fix: 'npx hajime access resolve, and deploy',
          who: `whoever may call iam:ListRoles, and ${deployers}; at once, ${entries}`,
        },
    mode: {
      fix: commandLine([
        ...['aws', 'eks', 'update-cluster-config', '--name', clusterName, '--region', region],
        ...['--access-config', 'authenticationMode=API_AND_CONFIG_MAP'],
      ]),
      who: 'whoever may call eks:UpdateClusterConfig',
    },
    signInAs: (arn) => ({
      fix: `sign in as ${arn}: \`aws sts get-caller-identity\` shows whether you are`,
      who: 'you',
    }),
    profile: { fix: '`aws sts get-caller-identity` shows whose; set AWS_PROFILE or give --profile', who: 'you' },
  };
}

import type { Login } from './exec-stanza';
import { commandLine } from './shell-word';

/** What a kubeconfig is written for. */
export interface KubeconfigTarget extends Login {
  /**
   * The name of the context and of the user. Without one a second login to the cluster takes the place of the first.
   *
   * @default - the cluster's ARN, as the AWS CLI has it
   */
  readonly alias?: string;
}

/** The command that writes a cluster into the kubeconfig at hand, to be pasted into a shell. */
export function kubeconfigCommand({ clusterName, region, roleArn, profile, alias }: KubeconfigTarget): string {
  return commandLine([
    ...['aws', 'eks', 'update-kubeconfig', '--name', clusterName, '--region', region],
    ...(roleArn === undefined ? [] : ['--role-arn', roleArn]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(alias === undefined ? [] : ['--alias', alias, '--user-alias', alias]),
  ]);
}

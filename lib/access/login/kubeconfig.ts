import { stringify } from 'yaml';
import { partitionOf } from '../../partition';
import { execStanza, type ExecStanza, type TokenTool } from './exec-stanza';
import type { KubeconfigTarget } from './kubeconfig-command';
import { commandLine } from './shell-word';

/** What a whole kubeconfig says. */
export interface KubeconfigProps extends KubeconfigTarget {
  /** The cluster's account. */
  readonly account: string;
  /**
   * What signs tokens.
   *
   * @default 'aws'
   */
  readonly tool?: TokenTool;
  /**
   * The cluster's endpoint, with `https://`.
   *
   * @default - a placeholder
   */
  readonly endpoint?: string;
  /**
   * The certificate of the cluster's authority, base64.
   *
   * @default - a placeholder
   */
  readonly certificateAuthority?: string;
}

/** A kubeconfig with one context. */
export interface Kubeconfig {
  /** Always `v1`. */
  readonly apiVersion: 'v1';
  /** The cluster. */
  readonly clusters: readonly [
    {
      readonly cluster: { readonly 'certificate-authority-data': string; readonly server: string };
      readonly name: string;
    },
  ];
  /** The context. */
  readonly contexts: readonly [
    { readonly context: { readonly cluster: string; readonly user: string }; readonly name: string },
  ];
  /** The context's name. */
  readonly 'current-context': string;
  /** Always `Config`. */
  readonly kind: 'Config';
  /** Nothing. */
  readonly preferences: Readonly<Record<string, never>>;
  /** The user. */
  readonly users: readonly [{ readonly name: string; readonly user: { readonly exec: ExecStanza } }];
}

const ENDPOINT = '<endpoint>';
const AUTHORITY = '<certificate-authority-data>';

/** A kubeconfig named as the AWS CLI names it, so that `aws eks update-kubeconfig` finds and replaces its parts. */
export function kubeconfig(props: KubeconfigProps): Kubeconfig {
  const { clusterName, region, account, tool = 'aws', endpoint = ENDPOINT, certificateAuthority = AUTHORITY } = props;
  const arn = `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${clusterName}`;
  const user = props.alias ?? arn;
  return {
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': certificateAuthority, server: endpoint }, name: arn }],
    contexts: [{ context: { cluster: arn, user }, name: user }],
    'current-context': user,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: { exec: execStanza(tool, props) } }],
  };
}

/** The same as the file; what is not known is a placeholder, and a comment says where it is to be had. */
export function kubeconfigText(props: KubeconfigProps): string {
  return fillIn(props) + yamlText(kubeconfig(props));
}

/** YAML in the form in which the AWS CLI writes it. */
export function yamlText(value: object): string {
  return stringify(value, { indentSeq: false, lineWidth: 0 });
}

function fillIn({ clusterName, region, endpoint, certificateAuthority }: KubeconfigProps): string {
  const missing: readonly (readonly [string, string])[] = [
    ...(certificateAuthority === undefined ? [[AUTHORITY, 'certificateAuthority.data'] as const] : []),
    ...(endpoint === undefined ? [[ENDPOINT, 'endpoint'] as const] : []),
  ];
  return missing
    .map(([placeholder, field]) => {
      const words = ['aws', 'eks', 'describe-cluster', '--name', clusterName, '--region', region];
      return `# ${placeholder}: ${commandLine([...words, '--query', `cluster.${field}`, '--output', 'text'])}\n`;
    })
    .join('');
}

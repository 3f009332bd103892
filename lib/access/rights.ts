import type { UrlRequest } from './rbac/request';

/** A request without the namespace it is made in. */
export interface Asked {
  /** Such as `get`. */
  readonly verb: string;
  /** The API group. */
  readonly apiGroup: string;
  /** The plural. */
  readonly resource: string;
  /**
   * Such as `log`.
   *
   * @default - the object itself
   */
  readonly subresource?: string;
}

/** One question of the access matrix: somebody has the right if all of its requests are allowed. */
export interface Right {
  /** Its name, as a column. */
  readonly name: string;
  /** What it means. */
  readonly meaning: string;
  /** What is asked. */
  readonly requests: readonly (Asked | UrlRequest)[];
  /**
   * Whether it is asked in a namespace.
   *
   * @default true
   */
  readonly namespaced?: boolean;
  /**
   * A cluster role whose rules one must also be allowed to give.
   *
   * @default - none
   */
  readonly mustGive?: string;
}

const on = (apiGroup: string, resource: string, ...verbs: readonly string[]): Asked[] =>
  verbs.map((verb) => {
    const [plural = '', subresource] = resource.split('/');
    return { verb, apiGroup, resource: plural, ...(subresource === undefined ? {} : { subresource }) };
  });

/** What people on call want to know of somebody's access, from the harmless to the mighty. */
export const RIGHTS: readonly Right[] = [
  {
    name: 'read',
    meaning: 'look at workloads and their configuration',
    requests: [
      ...on('', 'pods', 'get', 'list', 'watch'),
      ...on('apps', 'deployments', 'list'),
      ...on('', 'configmaps', 'get'),
    ],
  },
  { name: 'logs', meaning: 'read the logs of pods', requests: on('', 'pods/log', 'get') },
  {
    name: 'change',
    meaning: 'create, change and delete workloads',
    requests: [
      ...on('apps', 'deployments', 'create', 'update', 'patch', 'delete'),
      ...on('', 'services', 'create', 'delete'),
      ...on('batch', 'jobs', 'create'),
    ],
  },
  { name: 'evict', meaning: 'evict pods, as a drain of a node does', requests: on('', 'pods/eviction', 'create') },
  {
    name: 'exec',
    meaning: 'run commands in pods and forward their ports',
    requests: [...on('', 'pods/exec', 'create'), ...on('', 'pods/portforward', 'create')],
  },
  { name: 'secrets', meaning: 'read secrets', requests: on('', 'secrets', 'get', 'list') },
  { name: 'tokens', meaning: 'make tokens of service accounts', requests: on('', 'serviceaccounts/token', 'create') },
  {
    name: 'custom',
    meaning: 'create objects of any custom resource',
    requests: on('any.example.com', 'anything', 'create'),
  },
  {
    name: 'grant',
    meaning: 'give others the cluster role view in a namespace',
    requests: on('rbac.authorization.k8s.io', 'rolebindings', 'create'),
    mustGive: 'view',
  },
  { name: 'nodes', meaning: 'cordon and label nodes', requests: on('', 'nodes', 'patch'), namespaced: false },
  {
    name: 'everything',
    meaning: 'do all there is, in the whole cluster',
    requests: [...on('*', '*', '*'), { verb: 'get', path: '/metrics' }],
    namespaced: false,
  },
];

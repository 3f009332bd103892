import { AGENT_ACCOUNT, AGENT_NAMESPACE } from './agent-names';
import { ADDRESS_VARIABLE, FLUENT_BIT_IMAGE, METRICS_PORT, STATE_FOLDER, STREAM_VARIABLE } from './fluent-bit';

/** A Kubernetes object. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The ConfigMap with the agents' configuration, and the key in it. */
export const CONFIG_MAP = { name: 'fluent-bit', key: 'fluent-bit.yaml' } as const;

/** The ConfigMap with the name of the stream, and the key in it: all that differs between platforms. */
export const STREAM_MAP = { name: 'log-stream', key: 'stream' } as const;

const LABELS = { 'app.kubernetes.io/name': 'fluent-bit' };
const CONFIG_FOLDER = '/fluent-bit/etc/conf';

/** What is the same on every platform and every cloud: nothing here names an account, a role or a region. */
export function baseManifests(): Readonly<Record<string, Manifest>> {
  return {
    namespace: namespace(),
    'service-account': account(),
    'cluster-role': role(),
    binding: binding(),
    agent: agent(),
  };
}

function namespace(): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    // the agents read the logs of the node
    metadata: { name: AGENT_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  };
}

function account(): Manifest {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: AGENT_ACCOUNT, namespace: AGENT_NAMESPACE } };
}

function role(): Manifest {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: AGENT_ACCOUNT },
    rules: [{ apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['get', 'list', 'watch'] }],
  };
}

function binding(): Manifest {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: AGENT_ACCOUNT },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: AGENT_ACCOUNT },
    subjects: [{ kind: 'ServiceAccount', name: AGENT_ACCOUNT, namespace: AGENT_NAMESPACE }],
  };
}

function agent(): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'fluent-bit', namespace: AGENT_NAMESPACE, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: {
          labels: LABELS,
          annotations: {
            // for a Prometheus that goes by them; what to watch is in docs/logs.md
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(METRICS_PORT),
            'prometheus.io/path': '/api/v2/metrics/prometheus',
          },
        },
        spec: {
          serviceAccountName: AGENT_ACCOUNT,
          priorityClassName: 'system-node-critical',
          // takes no address of the pod network, and sends when that is broken, the log of the CNI above all. The metrics
          // are then read at the node's address, without a password, by whoever its security group lets in: they are
          // counts and names of plugins, and nothing can be changed through them
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          terminationGracePeriodSeconds: 60,
          containers: [container()],
          volumes: [
            { name: 'config', configMap: { name: CONFIG_MAP.name } },
            { name: 'logs', hostPath: { path: '/var/log', type: 'Directory' } },
            { name: 'state', hostPath: { path: STATE_FOLDER, type: 'DirectoryOrCreate' } },
          ],
        },
      },
    },
  };
}

function container(): Manifest {
  return {
    name: 'fluent-bit',
    image: FLUENT_BIT_IMAGE,
    args: [`--config=${CONFIG_FOLDER}/${CONFIG_MAP.key}`],
    env: [
      {
        name: STREAM_VARIABLE,
        valueFrom: { configMapKeyRef: { name: STREAM_MAP.name, key: STREAM_MAP.key } },
      },
      // not every interface: the address the kubelet and Prometheus ask at, which has no IPv4 on clusters of IPv6
      { name: ADDRESS_VARIABLE, valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    ports: [{ name: 'metrics', containerPort: METRICS_PORT }],
    livenessProbe: { httpGet: { path: '/', port: 'metrics' }, periodSeconds: 30, failureThreshold: 6 },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    securityContext: {
      // the logs of containers belong to root
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
      { name: 'logs', mountPath: '/var/log', readOnly: true },
      { name: 'state', mountPath: STATE_FOLDER },
    ],
  };
}

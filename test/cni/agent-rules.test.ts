import { ipv6, testRows } from './rows';

testRows([
  [{ windowsIpam: true }, {}, []],
  [
    { windowsIpam: true },
    ipv6,
    ['`cni.windowsIpam` must not be on with an IPv6 cluster, which runs no Windows pods, got true'],
  ],
  [
    { pluginLogFile: 'stdout' },
    {},
    [
      '`cni.pluginLogFile` must not be stdout, where kubelet reads the plugin\'s answer: the CNI does not start, got "stdout"; use "stderr" or a file',
    ],
  ],
  [{ pluginLogFile: 'stderr', logFile: 'stdout' }, {}, []],
  [
    { ec2Endpoint: 'ec2.eu-west-1.amazonaws.com' },
    {},
    [
      '`cni.ec2Endpoint` must be the address of an endpoint, got "ec2.eu-west-1.amazonaws.com"; such as "https://ec2.eu-west-1.amazonaws.com"',
    ],
  ],
  [{ ec2Endpoint: 'https://ec2.eu-west-1.amazonaws.com' }, {}, []],
  [{ resources: { requests: { cpu: '0.5', memory: '1Gi' }, limits: { cpu: '500m', memory: '1024Mi' } } }, {}, []],
  [
    { resources: { requests: { cpu: '501m', memory: '1Gi' }, limits: { cpu: '0.5', memory: '1000M' } } },
    {},
    [
      '`cni.resources.requests.cpu` must not exceed `limits.cpu` (0.5): Kubernetes refuses the pods, got "501m"',
      '`cni.resources.requests.memory` must not exceed `limits.memory` (1000M): Kubernetes refuses the pods, got "1Gi"',
    ],
  ],
  [
    { resources: { requests: { cpu: '50 m', memory: '0' }, limits: { memory: '128mb' } } },
    {},
    [
      '`cni.resources.requests.cpu` must be an amount of cpu above 0, got "50 m"; such as "50m" or "0.5"',
      '`cni.resources.requests.memory` must be an amount of memory above 0, got "0"; such as "128Mi"',
      '`cni.resources.limits.memory` must be an amount of memory above 0, got "128mb"; such as "128Mi"',
    ],
  ],
  [
    {
      tolerations: [
        { operator: 'Exists' },
        { key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 5 },
        { value: 'b' },
        { key: 'a', operator: 'Exists', value: 'b' },
        { key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 },
      ],
    },
    {},
    [
      '`cni.tolerations[2]` must have a key unless its operator is \'Exists\', got {"value":"b"}',
      '`cni.tolerations[3].value` must not be given with the operator \'Exists\', got "b"',
      "`cni.tolerations[4].tolerationSeconds` goes with the effect 'NoExecute' only, got 5",
    ],
  ],
]);

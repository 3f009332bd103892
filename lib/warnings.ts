import { accessWarnings } from './access/access-warnings';
import type { RbacObjects } from './access/rbac/rbac-objects';
import { capacityWarnings } from './capacity/capacity-rules';
import { controlPlaneWarnings } from './cluster/control-plane-rules';
import { vpcCniWarnings } from './cni/vpc-cni-warnings';
import { fargateLogWarnings, logsWarnings } from './logs/log-settings-rules';
import { networkWarnings } from './network/network-rules';
import { addonVersionOf, isExisting, type PlatformConfig } from './platform-config';
import type { Warning } from './validate';

/**
 * What is legal in a platform's config and most likely not meant. The config must have no problems.
 *
 * @param k8s - the RBAC objects under `k8s/`; without them nothing is said of groups and roles that may be there
 */
export function warnings(config: PlatformConfig, k8s?: RbacObjects): Warning[] {
  const { env, network, controlPlane, cni = {}, logs, fargateProfiles = {} } = config;
  const context = { ipFamily: controlPlane.ipFamily, addonVersion: addonVersionOf('vpc-cni', config) };
  return [
    ...(isExisting(network) ? [] : networkWarnings(network, 'network')),
    ...controlPlaneWarnings(controlPlane, 'controlPlane'),
    ...vpcCniWarnings(cni, 'cni', context),
    ...accessWarnings(config, k8s),
    ...(logs === undefined
      ? []
      : [...logsWarnings(logs, env.region, 'logs'), ...fargateLogWarnings(logs, Object.keys(fargateProfiles), 'logs')]),
    ...capacityWarnings(config),
  ];
}

import { grantsRenderedAs } from '../access/access-grant';
import { ADDONS, type AddonFacts } from '../addons/catalog';
import { NODE_ENDPOINTS, type EndpointNeed } from '../network/endpoints';
import type { PlatformConfig } from '../platform-config';
import type { Whole } from './whole';

/** Who calls which AWS service from inside a platform's VPC. Without a way out each needs an endpoint. */
export function endpointNeeds(config: PlatformConfig, whole: Whole): EndpointNeed[] {
  const { access, addons, cni, fargateProfiles, logs } = config;
  const needs: EndpointNeed[] = [...NODE_ENDPOINTS];
  if (whole('addons')) {
    for (const name of Object.keys(addons ?? {}) as (keyof typeof ADDONS)[]) {
      const facts: AddonFacts = ADDONS[name];
      needs.push(...(facts.calls ?? []).map((service) => ({ service, who: `the add-on ${name} calls it` })));
    }
  }
  if (whole('cni')) {
    const policy = cni?.networkPolicy;
    if (typeof policy === 'object' && policy.cloudWatchLogs === true) {
      needs.push({ service: 'logs', who: '`cni.networkPolicy.cloudWatchLogs` sends its decisions there' });
    }
  }
  if (whole('access') && Object.keys(grantsRenderedAs('aws-auth', access)).length > 0) {
    const who = 'the function that writes the grants of aws-auth calls it';
    needs.push({ service: 'eks', who }, { service: 'sts', who });
  }
  if (whole('fargateProfiles') && Object.keys(fargateProfiles ?? {}).length > 0) {
    needs.push({ service: 'sts', who: 'pods on Fargate take their roles from it' });
  }
  if (whole('logs') && logs !== undefined) {
    needs.push({ service: 'kinesis-firehose', who: 'the log agents send every line to the delivery stream' });
  }
  return needs;
}

import { listOf, text, type Check } from '../shape';
import { problem } from '../validate';

/** Somebody who calls an AWS service from inside the VPC, and so needs an endpoint where there is no other way out. */
export interface EndpointNeed {
  /** The service by short name, such as `ecr.api`. */
  readonly service: string;
  /** Who calls it and why, as the end of a sentence. */
  readonly who: string;
}

/**
 * What nodes and the add-ons no platform is without call before anything else can run.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export const NODE_ENDPOINTS: readonly EndpointNeed[] = [
  { service: 'ec2', who: 'the VPC CNI attaches interfaces and nodes look up themselves' },
  { service: 'ecr.api', who: 'nodes pull images' },
  { service: 'ecr.dkr', who: 'nodes pull images' },
  { service: 'eks', who: 'nodes look up the cluster they join' },
  { service: 'eks-auth', who: 'the pod identity agent fetches credentials, those of the VPC CNI among them' },
  { service: 'sts', who: 'nodes and roles authenticate' },
];

/**
 * The whole private set: what nodes and add-ons need, and what an operator misses without a way out: load balancers,
 * scaling, a shell on a node, logs, traces and keys.
 */
export const PRIVATE_ENDPOINTS: readonly string[] = [
  ...NODE_ENDPOINTS.map(({ service }) => service),
  'autoscaling',
  'elasticloadbalancing',
  'kinesis-firehose',
  'kms',
  'logs',
  'monitoring',
  'ssm',
  'ssmmessages',
  'xray',
];

/** Services that have a gateway endpoint on every route table of a network made here. */
export const GATEWAY_ENDPOINTS: readonly string[] = ['s3', 'dynamodb'];

/** The interface endpoints a network asks for, one by one. */
export function namedEndpoints(endpoints: 'private' | readonly string[] | undefined): readonly string[] {
  return endpoints === 'private' ? PRIVATE_ENDPOINTS : (endpoints ?? []);
}

/** The form of a list of endpoints. */
export const endpointsShape: Check = (value, property) =>
  value === 'private' || Array.isArray(value)
    ? value === 'private'
      ? []
      : listOf(text)(value, property)
    : [problem(property, "must be a list of services, or 'private' for the whole set", value)];

/** Every mistake in a list of endpoints; `needs` are the callers that have no other way out, and `when` says why. */
export function endpointProblems(
  endpoints: 'private' | readonly string[] | undefined,
  needs: readonly EndpointNeed[],
  property: string,
  when = "when `nat` is 'none'",
): string[] {
  const given = namedEndpoints(endpoints);
  const malformed = given
    .filter((service) => !/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(service) || service.startsWith('com.'))
    .map((service) =>
      problem(property, 'must be short service names, without `com.amazonaws.<region>.`', service, 'such as "ecr.api"'),
    );
  const twice = given
    .filter((service, index) => given.indexOf(service) !== index)
    .map((service) => problem(property, 'must name each service once', service));
  const gateways = given
    .filter((service) => GATEWAY_ENDPOINTS.includes(service))
    .map((service) => problem(property, 'must not name a service that has a gateway endpoint here already', service));
  return [...malformed, ...twice, ...gateways, ...endpointNeedProblems(given, needs, property, when)];
}

/** One problem for each service that somebody calls and that has no endpoint, naming all who call it. */
function endpointNeedProblems(
  given: readonly string[],
  needs: readonly EndpointNeed[],
  property: string,
  when: string,
): string[] {
  const services = [...new Set(needs.map(({ service }) => service))].filter((service) => !given.includes(service));
  return services.map((service) => {
    const who = needs.filter((need) => need.service === service).map((need) => need.who);
    return problem(
      property,
      `must include "${service}" ${when}: ${who.join('; ')}, and there is no other way out`,
      given,
      `add "${service}"`,
    );
  });
}

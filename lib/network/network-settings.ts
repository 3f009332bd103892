import type { SizedTier, TierSize } from './address-plan';
import type { ZoneSlots } from './zone';

/** One availability zone of a network. */
export interface ZoneProps {
  /**
   * Takes everything out of the zone and keeps its subnets, the first of the two deploys that remove a zone.
   *
   * After that deploy, delete the zone's entry and deploy again. In one step CloudFormation would delete subnets that
   * still hold nodes.
   *
   * @default false
   */
  readonly retire?: boolean;
  /**
   * The zone's slot in the address plan, from 0. Changing it re-addresses the zone's subnets, so set it when the zone is
   * made and never again.
   *
   * @default - from its own letter or number: `a` and `az1` are 0, `b` and `az2` are 1
   */
  readonly slot?: number;
}

/** Where a VPC's flow log goes and how long it stays. */
export interface FlowLogSettings {
  /**
   * CloudWatch Logs, which can be searched at once and charges by volume, or a bucket of its own, which is far cheaper.
   * Changing it replaces the flow log; what was recorded stays where it is.
   *
   * @default 'cloud-watch-logs'
   */
  readonly destination?: 'cloud-watch-logs' | 's3';
  /**
   * How long records are kept, in days; for CloudWatch Logs one of the periods it knows.
   *
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Which traffic is recorded. Changing it replaces the flow log.
   *
   * @default 'ALL'
   */
  readonly traffic?: 'ALL' | 'ACCEPT' | 'REJECT';
  /**
   * How many seconds of a flow one record sums up. `60` finds things sooner and makes more records.
   *
   * @default 600
   */
  readonly intervalSeconds?: 60 | 600;
}

/** A network's own settings: what a platform's config says of it. */
export interface NetworkSettings {
  /**
   * The VPC's first range, from /16 to /21, such as `10.0.0.0/16`. Changing it replaces the VPC and all that is in it.
   *
   * It must not overlap the cluster's service range (`controlPlane.serviceIpv4Cidr`) or a network you will peer with.
   */
  readonly cidr: string;
  /**
   * The availability zones by name, such as `{ 'ap-northeast-1a': {}, 'ap-northeast-1c': {} }`, or by id (`apne1-az4`),
   * which means the same place in every account; at least two.
   */
  readonly zones: Readonly<Record<string, ZoneProps>>;
  /**
   * How many zones the address plan has room for. Each gets that part of every tier, so fewer means larger subnets.
   * Changing it re-addresses every subnet: choose once, as the VPC's range.
   *
   * @default 4
   */
  readonly zoneSlots?: ZoneSlots;
  /**
   * What each zone of a tier must hold at least: a number of addresses, or a prefix length such as `/19`. Whole places
   * of the address plan are opened for it, first to last; a larger size later appends a subnet and changes none.
   * `intra`, for what must not reach the internet at all, exists only if it is given here.
   *
   * @default - the first place of `public` and of `nodes`; no `intra`
   */
  readonly sizes?: Readonly<Partial<Record<SizedTier, TierSize>>>;
  /**
   * Further ranges of the VPC for nodes, from /16, when the first has run out. Each gives every zone one more subnet.
   *
   * @default - none
   */
  readonly secondaryCidrs?: readonly string[];
  /**
   * How private subnets reach the internet: a NAT gateway in each zone, one in a single zone for all, one that AWS keeps
   * in every zone, or none.
   *
   * `single` costs a third of `per-zone` in three zones and takes the whole platform's egress down with its zone.
   * `regional` is one gateway over all zones, with an address in each. `none` needs interface endpoints for everything
   * a node calls.
   */
  readonly nat: 'per-zone' | 'single' | 'regional' | 'none';
  /**
   * The zone of the single NAT gateway. Changing it replaces the gateway and its public address.
   *
   * @default - the first zone as written in `zones`
   */
  readonly natZone?: string;
  /**
   * Allocation ids of Elastic IPs you have already, by zone, such as those a partner allow-lists.
   *
   * @default - an Elastic IP of its own for each zone with NAT
   */
  readonly natAllocationIds?: Readonly<Record<string, string>>;
  /**
   * AWS services reached without NAT, by short name, such as `ecr.api`, or `private` for the whole set of a private
   * cluster. Each costs an interface in every zone.
   *
   * @default - none; S3 and DynamoDB always have gateway endpoints, which are free
   */
  readonly interfaceEndpoints?: 'private' | readonly string[];
  /**
   * Gives the VPC and every subnet an IPv6 range of AWS's too. A cluster with `ipFamily: 'ipv6'` needs it.
   *
   * @default false
   */
  readonly ipv6?: boolean;
  /**
   * The VPC flow log: who talked to whom. Every network has one.
   *
   * @default - all traffic, to CloudWatch Logs, kept 30 days
   */
  readonly flowLog?: FlowLogSettings;
  /**
   * Keeps the flow log's records when the stack is deleted.
   *
   * @default true
   */
  readonly retainOnDelete?: boolean;
}

/** The zones that are in use: those that are not being retired. */
export function activeZones(zones: Readonly<Record<string, ZoneProps>>): string[] {
  return Object.entries(zones).flatMap(([zone, { retire }]) => (retire === true ? [] : [zone]));
}

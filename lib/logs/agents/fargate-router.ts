/** The log router of one platform's pods on Fargate. */
export interface FargateRouter {
  /** The region of the stream. */
  readonly region: string;
  /** The stream. */
  readonly stream: string;
  /** Whether its Fluent Bit is new enough to put many lines into a record. */
  readonly aggregation: boolean;
}

/** What EKS takes of a router's whole configuration, in characters. @see https://docs.aws.amazon.com/eks/latest/userguide/fargate-logging.html (2026-11) */
export const MOST_CHARACTERS = 5300;

/**
 * The data of the ConfigMap `aws-logging`. A change reaches new pods only, so it too filters nothing. The region stands in
 * it because this router is told of none.
 */
export function fargateRouterConfig({ region, stream, aggregation }: FargateRouter): Readonly<Record<string, string>> {
  return {
    // its own log would go to CloudWatch Logs, which charges by volume
    flb_log_cw: 'false',
    'parsers.conf': section('PARSER', {
      Name: 'crio',
      Format: 'Regex',
      Regex: '^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>P|F) (?<log>.*)$',
      Time_Key: 'time',
      Time_Format: '%Y-%m-%dT%H:%M:%S.%L%z',
      Time_Keep: 'On',
    }),
    'filters.conf': [
      section('FILTER', { Name: 'parser', Match: '*', Key_name: 'log', Parser: 'crio' }),
      section('FILTER', {
        Name: 'kubernetes',
        Match: 'kube.*',
        Merge_Log: 'Off',
        Labels: 'On',
        Annotations: 'Off',
        Buffer_Size: '0',
        Kube_Meta_Cache_TTL: '300s',
      }),
    ].join('\n'),
    'output.conf': section('OUTPUT', {
      Name: 'kinesis_firehose',
      Match: '*',
      region,
      delivery_stream: stream,
      ...(aggregation ? { simple_aggregation: 'On' } : {}),
    }),
  };
}

function section(name: string, settings: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(settings).map(({ length }) => length));
  const lines = Object.entries(settings).map(([key, value]) => `    ${key.padEnd(width)} ${value}\n`);
  return `[${name}]\n${lines.join('')}`;
}

import { stringify } from 'yaml';

/** The image of the agents. `simple_aggregation`, without which each line is charged as 5 KB, came with 4.2.2. */
export const FLUENT_BIT_IMAGE = 'cr.fluentbit.io/fluent/fluent-bit:5.1.2';

/** The variable that has the name of the delivery stream; the region comes with pod identity. */
export const STREAM_VARIABLE = 'LOGS_STREAM';

/** Where an agent keeps how far it has read and what it has not sent, on the node: it outlives the pod. */
export const STATE_FOLDER = '/var/fluent-bit/state';

/** Where an agent serves its own metrics: what it read, sent, retried and dropped. */
export const METRICS_PORT = 2020;

/**
 * What an agent on a node does: reads every container's log, adds where it comes from, sends all of it. It filters
 * nothing, so that no change of rules ever touches it.
 */
export function fluentBitConfig(): string {
  return stringify(
    {
      service: {
        flush: 5,
        grace: 30,
        log_level: 'warn',
        http_server: 'on',
        http_listen: '0.0.0.0',
        http_port: METRICS_PORT,
        health_check: 'on',
        'storage.path': `${STATE_FOLDER}/buffers`,
        'storage.backlog.mem_limit': '16M',
        'storage.metrics': 'on',
      },
      pipeline: {
        inputs: [
          {
            name: 'tail',
            tag: 'kube.*',
            path: '/var/log/containers/*.log',
            'multiline.parser': 'docker, cri',
            db: `${STATE_FOLDER}/tail.db`,
            // a job may live for seconds: its log is found in time, and read from its first line
            refresh_interval: 5,
            rotate_wait: 30,
            read_from_head: true,
            // a longer line is skipped and counted; otherwise the whole file would be given up
            buffer_max_size: '1M',
            skip_long_lines: 'on',
            'storage.type': 'filesystem',
          },
        ],
        filters: [
          {
            name: 'kubernetes',
            match: 'kube.*',
            labels: 'on',
            annotations: 'off',
            merge_log: 'off',
            'k8s-logging.parser': 'off',
            'k8s-logging.exclude': 'off',
            buffer_size: 0,
            kube_meta_cache_ttl: '300s',
          },
        ],
        outputs: [
          {
            name: 'kinesis_firehose',
            match: '*',
            region: '${AWS_REGION}',
            delivery_stream: `\${${STREAM_VARIABLE}}`,
            simple_aggregation: 'on',
            auto_retry_requests: 'on',
            retry_limit: 'no_limits',
            // when this is full the oldest goes, and is counted
            'storage.total_limit_size': '2G',
          },
        ],
      },
    },
    { lineWidth: 0 },
  );
}

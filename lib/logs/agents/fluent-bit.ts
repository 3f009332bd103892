import { stringify } from 'yaml';
import { FLUSH_SECONDS } from '../stream-records';

/**
 * The image of the agents. `simple_aggregation`, without which each line is charged as 5 KB, came with 4.2.2. By its tag:
 * which digest that is can only be asked of its registry.
 *
 * @see https://github.com/fluent/fluent-bit/releases/tag/v5.1.5 (2026-10-21)
 */
export const FLUENT_BIT_IMAGE = 'cr.fluentbit.io/fluent/fluent-bit:5.1.5';

/** The variable that has the name of the delivery stream; the region comes with pod identity. */
export const STREAM_VARIABLE = 'LOGS_STREAM';

/** The variable that has the address an agent serves its metrics at. */
export const ADDRESS_VARIABLE = 'POD_ADDRESS';

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
        flush: FLUSH_SECONDS,
        // what was not delivered by then is in files, for the agent that comes after
        grace: 30,
        log_level: 'warn',
        http_server: 'on',
        http_listen: `\${${ADDRESS_VARIABLE}}`,
        http_port: METRICS_PORT,
        health_check: 'on',
        // the only thing its API could be told to do
        hot_reload: 'off',
        // otherwise waits grow to 2,000 seconds, and after an outage an agent may idle for half an hour
        'scheduler.cap': 60,
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
            // container runtimes cut lines at 16 kB, so none comes near this: it is for files that are no runtime's, which
            // would be given up whole
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
            // a line that is 1,000 kB when its parts are joined again is discarded here: the agent's log says so, no
            // metric does
            name: 'kinesis_firehose',
            match: '*',
            region: '${AWS_REGION}',
            delivery_stream: `\${${STREAM_VARIABLE}}`,
            simple_aggregation: 'on',
            auto_retry_requests: 'on',
            retry_limit: 'no_limits',
            // when this is full the oldest goes, and nothing tells for sure (fluent/fluent-bit#7887): docs/logs.md says how
            // to see before that how much waits
            'storage.total_limit_size': '2G',
          },
        ],
      },
    },
    { lineWidth: 0 },
  );
}

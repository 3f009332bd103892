/** A query to begin with. */
export interface SampleQuery {
  /** What it answers. */
  readonly description: string;
  /** In Athena's SQL. Every one names a day or an hour: Athena charges by what it scans. */
  readonly sql: string;
}

const TODAY = 'CAST(CAST(current_date AS DATE) AS VARCHAR)';
const YESTERDAY = "CAST(CAST(current_date - INTERVAL '1' DAY AS DATE) AS VARCHAR)";

/** Queries on a database of {@link LogTables}, by the name people find them under. */
export function sampleQueries(database: string): Readonly<Record<string, SampleQuery>> {
  const logs = `"${database}"."logs"`;
  return {
    'errors-today': {
      description: 'Where errors come from today, most first',
      sql: `SELECT kubernetes.namespace_name AS namespace, kubernetes.container_name AS container, count(*) AS lines
FROM ${logs}
WHERE dt = ${TODAY}
  AND (lower(level) IN ('error', 'fatal', 'critical') OR stream = 'stderr')
GROUP BY 1, 2
ORDER BY lines DESC, 1, 2
LIMIT 50`,
    },
    'volume-by-namespace': {
      description: 'What is stored most since yesterday: where the next rule pays',
      sql: `SELECT kubernetes.namespace_name AS namespace, count(*) AS lines, sum(length(coalesce(log, message, ''))) AS characters
FROM ${logs}
WHERE dt >= ${YESTERDAY}
GROUP BY 1
ORDER BY characters DESC, 1
LIMIT 50`,
    },
    'lines-of-a-pod': {
      description: 'What a pod said today, first to last; put its name in',
      sql: `SELECT time, stream, coalesce(log, message) AS line
FROM ${logs}
WHERE dt = ${TODAY}
  AND kubernetes.pod_name = 'name-of-the-pod'
ORDER BY time
LIMIT 1000`,
    },
    unparsed: {
      description: 'What could not be parsed since yesterday, and why',
      sql: `SELECT error, count(*) AS lines, min(raw) AS example
FROM "${database}"."unparsed"
WHERE dt >= ${YESTERDAY}
GROUP BY 1
ORDER BY lines DESC, 1
LIMIT 50`,
    },
  };
}

import { atLeast, LEVEL_SQL, LINE_SQL, TEXT_SQL } from './level-sql';
import { AGENT_ACCOUNT, AGENT_NAMESPACE } from './agents/agent-names';

/** A query to begin with. */
export interface SampleQuery {
  /** What it answers. */
  readonly description: string;
  /** In Athena's SQL. Every one names a day or an hour: Athena charges by what it scans. */
  readonly sql: string;
}

const TODAY = 'CAST(CAST(current_date AS DATE) AS VARCHAR)';
const YESTERDAY = "CAST(CAST(current_date - INTERVAL '1' DAY AS DATE) AS VARCHAR)";

/** How an agent says that it lost a line, or is about to. What it counts and does not say is in `docs/logs.md`. */
const LOST = '(?i)(discard|cannot be retried|no enough space|exceed total limit|long lines|too long)';

/** Queries on a database of {@link LogTables}, by the name people find them under. */
export function sampleQueries(database: string): Readonly<Record<string, SampleQuery>> {
  const logs = `"${database}"."logs"`;
  const lines = (where: string): string => `WITH came AS (
  SELECT time, stream, kubernetes.namespace_name AS namespace, kubernetes.container_name AS container,
    kubernetes.host AS node, level, ${LINE_SQL} AS line
  FROM ${logs}
  WHERE ${where}
), read AS (
  SELECT *, ${TEXT_SQL} AS text
  FROM came
), lines AS (
  SELECT time, stream, namespace, container, node, line, ${LEVEL_SQL} AS level
  FROM read
)`;
  // what goes to stderr is an error unless the line itself says better: klog and many others write everything there
  const error = `(${atLeast('level', 'error')} OR (level IS NULL AND stream = 'stderr'))`;
  return {
    'errors-today': {
      description: 'Where errors come from today, most first',
      sql: `${lines(`dt = ${TODAY}`)}
SELECT namespace, container, count(*) AS lines, max(line) AS example
FROM lines
WHERE ${error}
GROUP BY 1, 2
ORDER BY lines DESC, 1, 2
LIMIT 50`,
    },
    'errors-over-time': {
      description: 'When errors began: those of today by ten minutes, in UTC, and namespace',
      sql: `${lines(`dt = ${TODAY}`)}
SELECT substr(time, 12, 4) || '0' AS since, namespace, count(*) AS lines
FROM lines
WHERE ${error}
GROUP BY 1, 2
ORDER BY 1, lines DESC, 2
LIMIT 500`,
    },
    'agent-trouble': {
      description: 'What the log agents warn of since yesterday, by node; first where lines were lost',
      sql: `${lines(
        `dt >= ${YESTERDAY}
    AND kubernetes.namespace_name = '${AGENT_NAMESPACE}'
    AND kubernetes.container_name = '${AGENT_ACCOUNT}'`,
      )}
SELECT node, coalesce(regexp_extract(line, '${LOST}', 1), '') <> '' AS lost, count(*) AS lines, max(time) AS latest,
  max(line) AS example
FROM lines
WHERE ${atLeast('level', 'warn')}
GROUP BY 1, 2
ORDER BY lost DESC, lines DESC, 1
LIMIT 200`,
    },
    'volume-by-namespace': {
      description: 'What is stored most since yesterday: where the next rule pays',
      sql: `SELECT kubernetes.namespace_name AS namespace, count(*) AS lines, sum(length(${LINE_SQL})) AS characters
FROM ${logs}
WHERE dt >= ${YESTERDAY}
GROUP BY 1
ORDER BY characters DESC, 1
LIMIT 50`,
    },
    'lines-of-a-pod': {
      description: 'What a pod said today, first to last; put its name in',
      sql: `SELECT time, stream, ${LINE_SQL} AS line
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

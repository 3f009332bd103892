import { AGENT_ACCOUNT, AGENT_NAMESPACE } from '../../lib/logs/agents/agent-names';

/** A line as an agent sends it: Fluent Bit's record after its kubernetes filter, with labels and without annotations. */
export function agentLine(
  id: string,
  namespace: string,
  log: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return `${JSON.stringify({
    time: '2026-11-25T07:08:09.123456789Z',
    stream: 'stdout',
    _p: 'F',
    log: `${log} id=${id}`,
    kubernetes: {
      pod_name: `${namespace}-7d9f8b6c5-x2x4z`,
      namespace_name: namespace,
      pod_id: '0f7a5d1e-5b0a-4f57-9b53-2f6f4f6c9a11',
      labels: { app: namespace, 'app.kubernetes.io/part-of': 'test' },
      host: 'ip-10-0-128-7.ap-northeast-1.compute.internal',
      container_name: 'main',
      docker_id: 'a'.repeat(64),
      container_hash: `registry.example/${namespace}@sha256:${'b'.repeat(64)}`,
      container_image: `registry.example/${namespace}:1.2.3`,
    },
    ...more,
  })}\n`;
}

/** A line of an agent's own log, which it reads and sends as any other's. */
export function agentOwnLine(log: string): string {
  const line = JSON.parse(agentLine('', AGENT_NAMESPACE, '', { log, stream: 'stderr' })) as { kubernetes: object };
  return `${JSON.stringify({ ...line, kubernetes: { ...line.kubernetes, container_name: AGENT_ACCOUNT } })}\n`;
}

/** Lines as `simple_aggregation` sends them: as many in a record as fit, each with its newline, and one more at the end. */
export function aggregated(lines: readonly string[], bytes = 64 * 1024): Buffer[] {
  const records: string[] = [''];
  for (const line of lines) {
    if (records.at(-1) !== '' && (records.at(-1) ?? '').length + line.length > bytes) records.push('');
    records[records.length - 1] += line;
  }
  return records.filter((record) => record !== '').map((record) => Buffer.from(`${record}\n`));
}

/** The ids in a text, each as often as it occurs. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/\bid=([\w-]+)/g)].map(([, id = '']) => id);
}

/** Rules and a sample of what they are for. */
export const RULES = `version: 1
rules:
  - id: mail
    action: redact
    redact: [{ pattern: '[a-z]+@example\\.com', replace: '<mail>' }]
    tests: [{ record: 'from ann@example.com', expect: { outcome: keep, message: 'from <mail>' } }]
  - id: probes
    action: drop
    match: { message: { contains: /healthz } }
    tests: [{ name: a probe, record: { log: GET /healthz }, expect: drop }]
  - id: live
    action: keep
    match: { namespace: shop, minLevel: warn }
    to: [archive, cloudwatch]
  - id: unused
    action: keep
    match: { namespace: nobody }
`;

/** A line as an agent writes it. */
export const record = (namespace: string, log: string, more: object = {}): string =>
  JSON.stringify({ log, kubernetes: { namespace_name: namespace, pod_name: `${namespace}-1` }, ...more });

/** Lines of which the rules drop six, redact one and send one to both places. */
export const SAMPLE = [
  ...Array.from({ length: 6 }, () => record('shop', 'GET /healthz 200')),
  record('shop', 'payment slow for ann@example.com', { level: 'warn' }),
  record('shop', 'paid', { level: 'info' }),
  record('kube-system', 'reconciled'),
  'no json at all',
].join('\n');

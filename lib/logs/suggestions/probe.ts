/** A question whether something is alive, as a message shows it. */
export interface Probe {
  /** The text that shows it, such as `/healthz` or `kube-probe/`. */
  readonly text: string;
  /** An RE2 expression that finds it and nothing longer, such as a page that only sounds like one. */
  readonly regex: string;
}

/** Who asks for nothing else. */
const AGENTS = ['kube-probe/', 'ELB-HealthChecker/', 'GoogleHC/'];
/** Ends a path, in JavaScript and RE2 alike. */
const PATH_END = '(?:[ \\t\\r\\n"\'?,;)\\]}]|$)';
const PATH = new RegExp(
  `/(?:healthz|health|health-?check|livez|liveness|readyz|ready|readiness|startupz)(?=${PATH_END})`,
);

/** The probe a message tells of; undefined if it tells of none. */
export function probeIn(message: string): Probe | undefined {
  const text = AGENTS.find((agent) => message.includes(agent)) ?? PATH.exec(message)?.[0];
  return text === undefined ? undefined : { text, regex: text.startsWith('/') ? `${text}${PATH_END}` : text };
}

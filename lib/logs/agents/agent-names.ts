/** The namespace of the agents. */
export const AGENT_NAMESPACE = 'logging';

/** The service account of the agents; the right to send comes to it by pod identity, so no manifest names a role. */
export const AGENT_ACCOUNT = 'fluent-bit';

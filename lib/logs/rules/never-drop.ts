import type { Match } from './log-match';

/** What no rule drops unless it says so, before a platform adds its own. */
export const NEVER_DROP: Readonly<Record<string, readonly Match[]>> = {
  errors: [{ minLevel: 'error' }],
  audit: [
    { fields: { apiVersion: { equals: ['audit.k8s.io/v1', 'audit.k8s.io/v1beta1'] } } },
    { container: ['audit', 'audit-*', '*-audit'] },
    { labels: { 'kotohajime.dev/logs': 'audit' } },
  ],
  security: [
    {
      namespace: [
        'security',
        'security-*',
        '*-security',
        'amazon-guardduty',
        'falco',
        'falco-system',
        'gatekeeper-system',
        'kyverno',
        'tetragon',
        'trivy-system',
      ],
    },
  ],
};

import type { Match } from './log-match';

const AUDIT = ['audit.k8s.io/v1', 'audit.k8s.io/v1beta1'];

/** What no rule drops unless it says so, before a platform adds its own. */
export const NEVER_DROP: Readonly<Record<string, readonly Match[]>> = {
  errors: [{ minLevel: 'error' }],
  audit: [
    { fields: { apiVersion: { equals: AUDIT } } },
    { fields: { 'log.apiVersion': { equals: AUDIT } } },
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

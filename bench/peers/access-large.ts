/**
 * A made-up platform of 1,000 grants, 100 namespaces and 50 roles of its own: `matrix` reckons who may do what, `can-i`
 * answers one question. What it took is the last line: seconds of the work itself, and the peak memory of the process.
 */
import type { AccessGrant } from '../../lib/access/access-grant';
import { accessMatrix } from '../../lib/access/matrix';
import { readQuestion } from '../../lib/access/question';
import type { BindingSettings, RoleSettings } from '../../lib/access/rbac/rbac-settings';
import { callerArnOf, simulator } from '../../lib/access/simulator';
import type { PlatformConfig } from '../../lib/platform-config';
import { problems } from '../../lib/problems';
import { prod } from '../../config/prod';

const NAMESPACES = Array.from({ length: 100 }, (_, index) => `team-${index}`);
const CAN = ['admin', 'edit', 'view', 'read-all'] as const;

const role = (index: number): RoleSettings => ({
  namespaces: NAMESPACES,
  rules: [
    { verbs: ['get', 'list', 'create'], apiGroups: [''], resources: ['pods', 'configmaps', `things-${index}`] },
    { verbs: ['*'], apiGroups: [`group-${index}.example.com`], resources: ['*'] },
  ],
});

const grant = (index: number): AccessGrant => ({
  principal: `arn:aws:iam::444455556666:role/team/Role${index}`,
  groups: [`group-${index % 50}`],
  can: CAN[index % CAN.length],
  namespaces: NAMESPACES,
  via: index % 2 === 0 ? 'policy' : 'groups',
});

const binding = (index: number): BindingSettings => ({
  role: `role-${index}`,
  namespaces: NAMESPACES,
  groups: [`group-${index}`],
});

const named = <T>(count: number, prefix: string, make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, make(index)]));

const config: PlatformConfig = {
  ...prod,
  access: {
    grants: { ...prod.access.grants, ...named(1000, 'grant', grant) },
    rbac: { roles: named(50, 'role', role), bindings: named(50, 'binding', binding) },
  },
};

const started = process.hrtime.bigint();
let result: string;
if (process.argv[2] === 'matrix') {
  const matrix = accessMatrix(simulator(config));
  result = `${matrix.length} grants, ${matrix.reduce((sum, { places }) => sum + places.length, 0)} rows, ${JSON.stringify(matrix).length} bytes`;
} else {
  const found = problems(config);
  if (found.length > 0) throw new Error(found.join('\n'));
  const access = simulator(config);
  const question = readQuestion('create', 'deployments', { namespace: 'team-7' }, access.minor);
  const identity = access.identityOf(callerArnOf(config.access.grants['grant-501'] as { principal: string }));
  if ('problem' in question || !identity.mapped) throw new Error('the question makes no sense');
  result = String(access.authorizer.authorize(identity, question.request).allowed);
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${result}\n${JSON.stringify({ seconds, peakMiB })}\n`);

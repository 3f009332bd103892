import type { PlatformConfig } from '../platform-config';
import { identityMapper, type MappedIdentity, type UnmappedCaller } from './authenticator/map-identity';
import type { PrincipalGrant } from './access-grant';
import { parsePrincipal } from './principal';
import { authorizerOn, type Authorizer } from './rbac/authorize';
import { defaultRoles } from './rbac/default-roles';
import { rbacIndex, type RbacIndex } from './rbac/rbac-index';
import type { RbacObjects } from './rbac/rbac-objects';
import { NO_OBJECTS, together } from './rbac/rbac-rendering';
import { renderedAccess, type RenderedAccess } from './rendered-access';

/** A platform's access as its cluster will hold it, to be asked who may do what. */
export interface Simulator {
  /** The Kubernetes minor. */
  readonly minor: string;
  /** What the config comes to. */
  readonly rendered: RenderedAccess;
  /** Every RBAC object: Kubernetes' own, those of the config, those under `k8s/`. */
  readonly objects: RbacObjects;
  /** The same, sorted for many questions. */
  readonly index: RbacIndex;
  /** Decides. */
  readonly authorizer: Authorizer;
  /** Who a caller is to the cluster, by the ARN that STS tells. */
  identityOf(callerArn: string): MappedIdentity | UnmappedCaller;
}

/** Simulates a platform's access. The config must have no problems. */
export function simulator(
  config: Pick<PlatformConfig, 'env' | 'access' | 'controlPlane'>,
  k8s: RbacObjects = NO_OBJECTS,
): Simulator {
  const rendered = renderedAccess(config);
  const minor = config.controlPlane.version;
  const objects = together(defaultRoles(minor), rendered.written, rendered.manifests, k8s);
  const index = rbacIndex(objects);
  return {
    minor,
    rendered,
    objects,
    index,
    authorizer: authorizerOn(index),
    identityOf: identityMapper(rendered.access),
  };
}

/** The session that stands for a grant's holders where a person is not named. */
export const SOMEBODY = 'somebody';

/** What STS tells of a grant's holder: a session of the role, or the user. */
export function callerArnOf({ principal }: Pick<PrincipalGrant, 'principal'>, session = SOMEBODY): string {
  const parsed = parsePrincipal(principal);
  if (parsed === undefined || parsed.kind === 'user') return principal;
  return `arn:${parsed.partition}:sts::${parsed.account}:assumed-role/${parsed.name}/${session}`;
}

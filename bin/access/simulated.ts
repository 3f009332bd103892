import { platforms } from '../../config';
import { canonicalArn } from '../../lib/access/authenticator/canonical-arn';
import type { MappedIdentity, UnmappedCaller } from '../../lib/access/authenticator/map-identity';
import { callerArnOf, simulator, type Simulator } from '../../lib/access/simulator';
import type { PlatformConfig } from '../../lib/platform-config';
import { problems } from '../../lib/problems';
import { nearestRemedy } from '../../lib/shape';
import { problemList } from '../../lib/validate';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { named } from '../use';
import { k8sObjects } from './k8s-objects';

/** A platform's access, to be asked; a config with problems is told of instead. */
export function simulated(platform: string, config: PlatformConfig): Simulator {
  const found = problems(config);
  if (found.length > 0) throw new Failure(problemList(`config/${platform}.ts`, found));
  const k8s = k8sObjects(platform, Object.keys(platforms));
  if (k8s.problems.length > 0) throw new Failure(problemList('k8s/', k8s.problems));
  return simulator(config, k8s.objects);
}

/** Somebody in a platform. */
export interface Somebody {
  /** The platform. */
  readonly platform: string;
  /** Its access. */
  readonly access: Simulator;
  /** The ARN that STS tells. */
  readonly callerArn: string;
  /** Who that is to the cluster. */
  readonly identity: MappedIdentity | UnmappedCaller;
}

/** Who `--as` means: the holder of a grant, or whoever STS knows by an ARN. */
export function somebody(as: string, platform: string | undefined): Somebody {
  const isArn = as.startsWith('arn:');
  if (isArn && canonicalArn(as) === undefined) {
    throw new WrongUse(
      `--as must be the ARN of a role, a user or a session, or the name of a grant, got ${JSON.stringify(as)}`,
    );
  }
  const where = platform ?? (isArn ? platformOfAccount(as) : platformOfGrant(as));
  const config = named(where);
  const access = simulated(where, config);
  const grants = access.rendered.grants;
  const grant = Object.hasOwn(grants, as) ? grants[as] : undefined;
  if (!isArn && grant === undefined) {
    const names = Object.keys(grants);
    throw new WrongUse(
      `${where} has no grant ${as}; ${nearestRemedy(as, names) ?? `its grants are ${names.join(', ')}`}`,
    );
  }
  const callerArn = grant === undefined ? as : callerArnOf(grant);
  return { platform: where, access, callerArn, identity: access.identityOf(callerArn) };
}

/** The only platform, or the only one there is for a reason; otherwise `--platform` must say. */
function onlyPlatform(fits: (config: PlatformConfig) => boolean, why: string): string {
  const all = Object.keys(platforms);
  const fitting = all.filter((name) => fits(named(name)));
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const which = fitting.length === 0 ? all : fitting;
  throw new WrongUse(`${why}: say which with --platform (${which.join(', ')})`);
}

function platformOfGrant(grant: string): string {
  const has = ({ access }: PlatformConfig): boolean => Object.hasOwn(access.grants, grant);
  if (!Object.values(platforms).some(has)) {
    const names = [...new Set(Object.values(platforms).flatMap(({ access }) => Object.keys(access.grants)))];
    throw new WrongUse(
      `no platform has a grant ${grant}; ${nearestRemedy(grant, names) ?? `the grants are ${names.join(', ')}`}`,
    );
  }
  return onlyPlatform(has, `several platforms have a grant ${grant}`);
}

function platformOfAccount(arn: string): string {
  const account = canonicalArn(arn)?.account;
  return onlyPlatform(({ env }) => env.account === account, `no single platform is in account ${account ?? '?'}`);
}

import type { MappedIdentity } from '../authenticator/map-identity';
import { callerStep, type CallerFacts } from './caller-step';
import { endpointStep, type EndpointFacts } from './endpoint-step';
import type { LikelyCause, LoginStep } from './login-step';
import { skipped } from './login-step';
import type { MappingPlace } from './mapping-remedies';
import { mappingStep, type MappingFacts } from './mapping-step';
import { rbacStep, type RbacFacts } from './rbac-step';
import { kubeconfigCommand } from './kubeconfig-command';
import { otherwise } from './otherwise';
import { tokenStep, type TokenFacts } from './token-step';

/** Everything a login depends on, as far as it is known. */
export interface LoginFacts extends MappingPlace {
  /** The endpoint. */
  readonly endpoint: EndpointFacts;
  /** Tokens. */
  readonly token: TokenFacts;
  /** Who calls. */
  readonly caller: Pick<CallerFacts, 'arn' | 'atHand'>;
  /** Who may come in. */
  readonly mapping: MappingFacts;
  /** Who may do what. */
  readonly rbac: RbacFacts;
}

/** A login, walked through. */
export interface LoginCheck {
  /** The steps, in order. */
  readonly steps: readonly LoginStep[];
  /** Whether no step failed. */
  readonly ok: boolean;
  /** The whole in one sentence. */
  readonly verdict: string;
  /**
   * Who the caller is to the cluster.
   *
   * @default - nobody, or nobody was named
   */
  readonly identity?: Pick<MappedIdentity, 'username' | 'groups' | 'policies' | 'by'>;
  /** If all is well here and the cluster refuses nevertheless: what is not seen from here. */
  readonly otherwise: readonly LikelyCause[];
}

/** Walks a login through its five steps, and says where it ends and most likely why. */
export function loginCheck(facts: LoginFacts): LoginCheck {
  const { clusterName, region, mapping } = facts;
  const { partition, account } = mapping.access;
  const endpoint = endpointStep(facts.endpoint, {
    clusterName,
    kubeconfigCommand: kubeconfigCommand({ clusterName, region }),
  });
  const { step: token, token: read } = tokenStep(facts.token, { clusterName, region, partition });
  const called = callerStep({ ...facts.caller, temporary: read?.temporary }, { clusterName, account, partition });
  const { caller } = called;
  const arn = facts.caller.arn ?? facts.caller.atHand ?? '';
  const mapped = caller === undefined ? undefined : mappingStep(caller, arn, mapping, facts);
  const identity = mapped?.identity;
  const steps = [
    endpoint,
    token,
    called.step,
    mapped?.step ?? skipped('mapping', 'not asked: who calls is not known'),
    identity === undefined
      ? skipped('RBAC', 'not asked: nobody is in')
      : rbacStep(identity, arn, facts.rbac, mapping.access, facts),
  ];
  const ok = steps.every(({ state }) => state !== 'failed');
  return {
    steps,
    ok,
    verdict: verdict(steps, identity, facts),
    ...(identity === undefined ? {} : { identity: withoutKind(identity) }),
    otherwise: ok && identity !== undefined ? otherwise(identity, facts) : [],
  };
}

const ENDS: Readonly<Record<LoginStep['step'], string>> = {
  endpoint: 'This login does not reach the cluster',
  token: 'The cluster refuses the token',
  STS: 'This caller does not come to the cluster',
  mapping: 'The cluster refuses this login',
  RBAC: 'The cluster lets this login in and permits too little',
};

function verdict(steps: readonly LoginStep[], identity: MappedIdentity | undefined, facts: LoginFacts): string {
  const end = steps.find(({ state }) => state === 'failed');
  if (end !== undefined) return `${ENDS[end.step]}; most likely ${end.causes[0]?.cause ?? end.line}.`;
  const untried = steps.filter(({ state }) => state === 'skipped').map(({ step }) => step);
  const rest = untried.length === 0 ? '' : ` Not tried: ${untried.join(', ')}.`;
  if (identity === undefined) return `Nothing stands against a login so far.${rest}`;
  const { question } = facts.rbac;
  const may = question === undefined ? '' : ` and may ${question.inWords}`;
  return `This login works: ${identity.username || 'a user without a name'} is in${may}.${rest}`;
}

function withoutKind({ username, groups, policies, by }: MappedIdentity): LoginCheck['identity'] {
  return { username, groups, policies, by };
}

import { isBound } from '../../lib/access/access-grant';
import { policyDifference } from '../../lib/access/policy-differences';
import { readQuestion, type Asking, type Question } from '../../lib/access/question';
import { isUrlRequest } from '../../lib/access/rbac/request';
import { impersonate } from '../../lib/access/rbac/impersonate';
import { ruleAllows } from '../../lib/access/rbac/rule-match';
import { grantBehind, reasonInWords, scopeInWords, sourceInWords } from '../../lib/access/reasons-in-words';
import type { Identity } from '../../lib/access/access';
import { WrongUse } from '../ending';
import { colour, say } from '../use';
import { somebody, type Somebody } from './simulated';

/** Options of `hajime can-i`. */
export interface CanIOptions extends Asking {
  /** A grant, or the ARN of a role, a user or a session. */
  readonly as: string;
  /** Whom they act as. */
  readonly impersonate?: string;
  /** The groups they act with. */
  readonly impersonateGroup?: readonly string[];
  /** The platform. */
  readonly platform?: string;
  /** For machines. */
  readonly json?: true;
}

/** Answers whether somebody may do something, and why; true for yes. */
export function canI(verb: string, what: string, options: CanIOptions): boolean {
  const who = somebody(options.as, options.platform);
  const question = asked(verb, what, options, who.access.minor);
  const { identity } = who;
  if (!identity.mapped) return refused(who, question, options, identity.detail);
  const acting = actingAs(who, identity, options);
  if (typeof acting === 'string') return refused(who, question, options, acting);
  const decision = who.access.authorizer.authorize(acting, question.request);
  const grant = grantBehind(who.access.rendered, identity);
  if (options.json === true) {
    const { platform, callerArn } = who;
    const { request } = question;
    say(
      JSON.stringify(
        { ...decision, platform, callerArn, grant, identity: acting, request, notes: question.notes },
        null,
        2,
      ),
    );
    return decision.allowed;
  }
  const verdict = decision.allowed ? colour.green('yes') : colour.red('no');
  const name = grant ?? who.callerArn;
  const as = options.impersonate === undefined ? '' : ` as ${options.impersonate}`;
  const lines = [
    `${verdict}: ${name}${as} may ${decision.allowed ? '' : 'not '}${question.inWords} (${who.platform}, Kubernetes ${who.access.minor})`,
    ...decision.by.map((reason) => `  ${name} → ${sourceInWords(identity)} → ${reasonInWords(reason)}`),
    ...(decision.allowed ? [] : whyNot(who, acting, question, grant, options.impersonate !== undefined)),
    ...decision.errors.map((error) => `  ${colour.yellow('!')} ${error}`),
    ...question.notes.map((note) => `  ${colour.dim(note)}`),
  ];
  say(lines.join('\n'));
  return decision.allowed;
}

/** A question, or the wrong use it is. */
export function asked(verb: string, what: string, asking: Asking, minor: string): Question {
  const question = readQuestion(verb, what, asking, minor);
  if ('problem' in question) throw new WrongUse(question.problem);
  return question;
}

function refused(who: Somebody, question: Question, { json, as }: CanIOptions, detail: string): false {
  if (json === true) {
    const { platform, callerArn, identity } = who;
    say(
      JSON.stringify(
        { allowed: false, by: [], errors: [detail], platform, callerArn, identity, request: question.request },
        null,
        2,
      ),
    );
    return false;
  }
  say(`${colour.red('no')}: ${as} may not ${question.inWords} (${who.platform}): ${detail}`);
  return false;
}

/** Who acts: the identity itself, or whom it impersonates; a text if it may not. */
function actingAs(
  { access }: Somebody,
  identity: Identity,
  { impersonate: username, impersonateGroup: groups }: CanIOptions,
): Identity | string {
  if (username === undefined) {
    if (groups !== undefined) throw new WrongUse('--impersonate-group needs --impersonate <user>');
    return identity;
  }
  const decision = impersonate(identity, { username, groups }, access.objects);
  if (decision.identity !== undefined) return decision.identity;
  return `it may not impersonate ${decision.refused.join(', ')}`;
}

/** What would help: the role in place of the policy, or another namespace. */
function whyNot(
  { access, callerArn }: Somebody,
  identity: Identity,
  { request }: Question,
  grant: string | undefined,
  impersonated: boolean,
): string[] {
  const { username, groups, policies = [] } = identity;
  const others = groups.filter((group) => group !== 'system:authenticated');
  const held = policies.map(({ policy, namespaces }) => `${policy} ${scopeInWords(namespaces)}`);
  const lines = [
    `  ${callerArn} is ${username}${others.length === 0 ? ', in no group' : `, in ${others.join(', ')}`}${held.length === 0 ? '' : `, with ${held.join(', ')}`}`,
  ];
  if (impersonated) lines.push('  rights from access policies do not follow impersonation');
  const terms = grant === undefined ? undefined : access.rendered.grants[grant];
  if (terms?.can !== undefined && !isBound(terms, policies.length > 0 ? 'access-entries' : 'aws-auth')) {
    const { missing } = policyDifference(terms.can, access.minor);
    if (missing.some((rule) => ruleAllows(rule, request)))
      lines.push(
        `  the Kubernetes role ${terms.can} permits it, the access policy does not: \`via: 'groups'\` on the grant gives the role`,
      );
  }
  if (isUrlRequest(request)) return lines;
  const places = new Set([
    ...access.authorizer.namespacesOf(identity),
    ...policies.flatMap(({ namespaces = [] }) => namespaces),
  ]);
  const elsewhere = [...places].filter(
    (namespace) =>
      access.authorizer.authorize(identity, { ...request, namespace: namespace.replaceAll('*', '.') }).allowed,
  );
  if (elsewhere.length > 0) lines.push(`  it may in ${elsewhere.sort().join(', ')}`);
  return lines;
}

import type { Asking } from '../../lib/access/question';
import { whoMay } from '../../lib/access/rbac/who-may';
import { groundInWords, sourceInWords } from '../../lib/access/reasons-in-words';
import { callerArnOf } from '../../lib/access/simulator';
import type { PlatformConfig } from '../../lib/platform-config';
import { table } from '../../sandbox/table';
import { colour, say } from '../use';
import { asked } from './can-i';
import { simulated } from './simulated';

/** Options of `hajime who-can`. */
export interface WhoCanOptions extends Asking {
  /** Also who is no grant: Kubernetes' own controllers and whatever else is bound. */
  readonly all?: true;
  /** For machines. */
  readonly json?: true;
}

/** Shows who may do something in platforms; false if nobody may. */
export function whoCan(
  verb: string,
  what: string,
  platforms: Readonly<Record<string, PlatformConfig>>,
  options: WhoCanOptions,
): boolean {
  const answers = Object.entries(platforms).map(([platform, config]) => {
    const access = simulated(platform, config);
    const question = asked(verb, what, options, access.minor);
    const grants = Object.entries(access.rendered.grants).flatMap(([grant, terms]) => {
      const identity = access.identityOf(callerArnOf(terms));
      if (!identity.mapped) return [];
      const { allowed, by } = access.authorizer.authorize(identity, question.request);
      return allowed ? [{ grant, principal: terms.principal, source: sourceInWords(identity), by }] : [];
    });
    const ours = new Set(
      grants
        .flatMap(({ by }) => by)
        .flatMap((reason) => (reason.source === 'binding' ? [`${reason.subject.kind} ${reason.subject.name}`] : [])),
    );
    const { subjects, errors } = whoMay(question.request, access.objects);
    const others = subjects.filter(({ subject }) => !ours.has(`${subject.kind} ${subject.name}`));
    return { platform, question, grants, others, errors };
  });
  if (options.json === true) {
    const machine = answers.map(
      ({ platform, question, ...answer }) => [platform, { request: question.request, ...answer }] as const,
    );
    say(JSON.stringify(Object.fromEntries(machine), null, 2));
  } else say(answers.map((answer) => text(answer, options)).join('\n\n'));
  return answers.some(({ grants }) => grants.length > 0);
}

type Answer = {
  readonly platform: string;
  readonly question: ReturnType<typeof asked>;
  readonly grants: readonly {
    readonly grant: string;
    readonly principal: string;
    readonly source: string;
    readonly by: ReturnType<ReturnType<typeof simulated>['authorizer']['authorize']>['by'];
  }[];
  readonly others: ReturnType<typeof whoMay>['subjects'];
  readonly errors: readonly string[];
};

function text({ platform, question, grants, others, errors }: Answer, { all }: WhoCanOptions): string {
  const rows = grants.map(({ grant, principal, source, by }) => [
    colour.bold(grant),
    principal.slice(principal.lastIndexOf('/') + 1),
    source,
    by.map((reason) => groundInWords(reason)).join('\n'),
  ]);
  const rest = others.map(({ subject, reason }) => [
    subject.kind,
    subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`,
    groundInWords(reason),
  ]);
  const shown = all === true ? [colour.bold('Others, if they exist'), table(['Kind', 'Name', 'Because of'], rest)] : [];
  return [
    colour.bold(`${platform}: who can ${question.inWords}`),
    rows.length === 0 ? 'no grant' : table(['Grant', 'Principal', 'Comes in by', 'Because of'], rows),
    ...shown,
    ...(all === true || others.length === 0
      ? []
      : [colour.dim(`and ${others.length} bound by Kubernetes itself or under k8s/, which --all shows`)]),
    ...errors.map((error) => `${colour.yellow('!')} ${error}`),
    ...question.notes.map((note) => colour.dim(note)),
  ].join('\n');
}

import { parsePrincipal } from '../principal';
import { callerArnOf, SOMEBODY } from '../simulator';
import { principalKey, type MapLine } from './map-line';
import type { MigrationStates } from './migration-states';

/** Somebody whom a migration concerns. */
export interface MigratingPrincipal {
  /** Its ARN, with its path if that is known; for a line of mapAccounts `account 222233334444`. */
  readonly principal: string;
  /** An ARN that STS would tell of it. */
  readonly caller: string;
  /** The lines that let it in. */
  readonly lines: readonly string[];
  /**
   * Its grant.
   *
   * @default - none
   */
  readonly grant?: string;
  /** Whether that grant, or its node role, is only proposed: the config does not have it yet. */
  readonly proposed: boolean;
}

/** An instance's session is named by its id. */
const INSTANCE = 'i-0123456789abcdef0';

/** Everybody whom a line lets in, in the order of the lines, then those of other grants, and of grants that go. */
export function migratingPrincipals({
  lines,
  proposed,
  rendered,
  target,
  standing,
  recorded,
}: MigrationStates): MigratingPrincipal[] {
  const ours = new Map(Object.entries(rendered.grants).map(([name, { principal }]) => [principalKey(principal), name]));
  const proposals = new Map(proposed.proposals.map((each) => [principalKey(each.principal), each]));
  const whole = new Map(
    [...standing.entries, ...target.access.entries].map(({ principalArn }) => [
      principalKey(principalArn),
      principalArn,
    ]),
  );
  const live = lines.filter(({ kind }) => kind !== 'without effect');
  const inLines = live.flatMap((each): MigratingPrincipal[] => {
    const { place, line, account, nodeType } = each;
    if (line === undefined) {
      const caller = `arn:${rendered.access.partition}:sts::${account ?? ''}:assumed-role/${SOMEBODY}/${SOMEBODY}`;
      return [{ principal: accountInWords(account), caller, lines: [place], proposed: false }];
    }
    const key = principalKey(line.arn);
    const principal = whole.get(key) ?? line.arn;
    const grant = ours.get(key) ?? grantOf(proposals.get(key));
    const session = nodeType === undefined || nodeType === 'FARGATE_LINUX' ? SOMEBODY : INSTANCE;
    return [
      {
        principal,
        caller: callerOf(line.arn, session),
        lines: [place],
        ...(grant === undefined ? {} : { grant }),
        proposed: proposals.has(key),
      },
    ];
  });
  const seen = new Set(inLines.map(({ principal }) => principalKey(principal)));
  const others = [
    ...Object.entries(rendered.grants).map(([grant, { principal }]) => ({ principal, grant })),
    ...recorded.filter((principal) => !ours.has(principalKey(principal))).map((principal) => ({ principal })),
  ]
    .filter(({ principal }) => !seen.has(principalKey(principal)))
    .map((each): MigratingPrincipal => ({ ...each, caller: callerArnOf(each), lines: [], proposed: false }));
  return [...inLines, ...others];
}

/** Everybody of an account. */
function accountInWords(account: MapLine['account']): string {
  return `account ${account ?? ''}`;
}

/** A line's ARN is compared without regard to case, and may be written in any. */
function callerOf(arn: string, session: string): string {
  const known = parsePrincipal(arn) === undefined ? arn.toLowerCase() : arn;
  return callerArnOf({ principal: known }, session);
}

function grantOf(proposal: { name: string; write: object } | undefined): string | undefined {
  return proposal !== undefined && 'grant' in proposal.write ? proposal.name : undefined;
}

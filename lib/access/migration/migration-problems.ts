import { element, problem, within } from '../../validate';
import type { AccessRecord, NodeEntryType } from '../access-grant';
import { recordProblems } from '../access-record';
import { principalKey, type MapLine } from './map-line';
import type { MigrationInput, MigrationStates } from './migration-states';

/** Why aws-auth cannot be left behind as things stand. */
export interface MigrationProblems {
  /** What must be mended before anything is deployed. */
  readonly now: readonly string[];
  /** What must be mended before the mode is API. */
  readonly beforeApi: readonly string[];
}

/** Every reason why aws-auth cannot be left behind as things stand. */
export function migrationProblems(input: MigrationInput, states: MigrationStates): MigrationProblems {
  const record = input.record ?? input.config.access.record;
  const { grants } = states.rendered;
  const lines = states.mode === 'API' ? [] : states.lines.filter(({ kind }) => kind !== 'without effect');
  return {
    now: [
      ...(record === undefined
        ? []
        : recordProblems(
            { ...input.config.access, grants },
            // the lines themselves say it better than what was written down of them
            input.awsAuth === undefined ? record : { ...record, onlyInAwsAuth: [] },
            'access',
          )),
      ...skippedMode(record, states),
      ...movedBack(states),
      ...lines.flatMap((line) => grantedNode(line)),
    ],
    beforeApi: lines.flatMap((line) => unmapped(line, input, states)),
  };
}

/** Without API no entry can be made, so nobody would have one when aws-auth is not read any more. */
function skippedMode(record: AccessRecord | undefined, { rendered }: MigrationStates): string[] {
  if (record?.authenticationMode !== 'CONFIG_MAP' || rendered.access.mode !== 'API') return [];
  const rule = 'must be API_AND_CONFIG_MAP first: in mode CONFIG_MAP, which is deployed, there are no entries';
  return [problem('access.authenticationMode', rule, 'API')];
}

/** The entry wins while it is there, and the line comes after it has gone. */
function movedBack({ rendered, standing }: MigrationStates): string[] {
  const standingKeys = new Set(standing.entries.map(({ principalArn }) => principalKey(principalArn)));
  const written = new Set(rendered.access.entries.map(({ principalArn }) => principalKey(principalArn)));
  return Object.entries(rendered.grants).flatMap(([name, { principal }]) => {
    const key = principalKey(principal);
    if (written.has(key) || !standingKeys.has(key)) return [];
    const rule = 'must not be aws-auth alone while the principal has an access entry, which wins over the line';
    const remedy = "deploy `renderAs: 'both'` first; the entry may go when the line is there";
    return [problem(within(element('access.grants', name), 'renderAs'), rule, 'aws-auth', remedy)];
  });
}

const BEFORE_API = 'before the mode is API';

/** The entry of a grant is one for people. */
function grantedNode({ place, line, nodeType, grant }: MapLine): string[] {
  if (nodeType === undefined || grant === undefined) return [];
  const rule = `must not be the role of nodes (${place}): its entry would be one for people, which wins, and no node could join`;
  const remedy = 'take the grant out; `access.nodeRoles` makes entries of nodes';
  return [problem(within(element('access.grants', grant), 'principal'), rule, line?.arn, remedy)];
}

function unmapped(
  { place, kind, line, account, grant, nodeType, why, remedy }: MapLine,
  { entries }: MigrationInput,
  { rendered, staying, proposed }: MigrationStates,
): string[] {
  const got = line?.arn ?? account;
  const key = principalKey(line?.arn ?? '');
  const entry = [...staying, ...rendered.access.entries].find(({ principalArn }) => principalKey(principalArn) === key);
  if (kind === 'blocked')
    return entry === undefined ? [problem(place, `must be gone ${BEFORE_API}: ${why ?? ''}`, got, remedy)] : [];
  if (grant !== undefined) return [];
  if (nodeType === undefined) {
    if (entry !== undefined) return [];
    const rule = `must have an access entry of its own ${BEFORE_API}`;
    const none = proposed.without.find((each) => each.place === place);
    return [problem(place, rule, got, none?.why ?? 'write a grant for it: `--write <file>` writes it')];
  }
  if (entry === undefined) {
    const rule = `must have an access entry of type ${nodeType} ${BEFORE_API}: its nodes could not join`;
    return [problem(place, rule, got, entries === undefined ? LIST_ENTRIES : nodeRemedy(nodeType))];
  }
  if (entry.type !== 'STANDARD') return [];
  const rule = `must have an access entry of type ${nodeType}, and has one of type STANDARD: its nodes cannot join`;
  return [problem(place, rule, got, 'delete that entry; its line lets the nodes in meanwhile')];
}

const LIST_ENTRIES =
  'EKS makes that of a node group or Fargate profile itself: `aws eks list-access-entries` shows it, and --entries reads that';

function nodeRemedy(type: NodeEntryType): string {
  return type === 'FARGATE_LINUX'
    ? 'EKS makes that of a Fargate profile itself, once the mode has API; wait for it, or write it into `access.nodeRoles`'
    : 'EKS makes that of a managed node group itself, once the mode has API; for nodes of your own write it into `access.nodeRoles`: `--write <file>` writes it';
}

import { canonicalArn } from '../authenticator/canonical-arn';
import { parsePrincipal } from '../principal';
import type { ReadMapLine } from './aws-auth-file';

/** Why a line lets in nobody, and what may be meant. */
export interface WithoutEffect {
  /** Why. */
  readonly why: string;
  /**
   * What to do if it is to let somebody in.
   *
   * @default - nothing
   */
  readonly remedy?: string;
}

/** Why a line lets in nobody; undefined if it lets in somebody. */
export function withoutEffect(
  { text, index, line, account, flaws }: ReadMapLine,
  all: readonly ReadMapLine[],
  partition: string,
): WithoutEffect | undefined {
  if (account !== undefined) {
    if (/^\d{12}$/.test(account)) return undefined;
    return {
      why: 'it is no account of twelve digits',
      remedy: 'put the number in quotes: YAML drops zeros at its front',
    };
  }
  if (line === undefined) return { why: `it ${flaws.join(', and it ')}` };
  return neverMatched(line.arn, partition) ?? replaced({ text, index, arn: line.arn }, all);
}

function neverMatched(arn: string, partition: string): WithoutEffect | undefined {
  // the authenticator compares without regard to case
  const named = canonicalArn(arn.toLowerCase());
  if (named === undefined) return { why: 'its ARN is none that STS tells of anybody' };
  if (named.kind === 'assumed-role') {
    const remedy = `its role is arn:${named.partition}:iam::${named.account}:role/${arn.split('/')[1] ?? ''}`;
    return { why: 'its ARN is that of a session, and the map is compared with that of the role', remedy };
  }
  if (named.partition !== partition) return { why: `nobody of partition ${named.partition} can sign in here` };
  if (named.kind === 'role' && arn.split('/').length > 2)
    return {
      why: 'its ARN has the path of the role, and STS tells none',
      remedy: 'write a grant if it is to let somebody in',
    };
  if (['role', 'user'].includes(named.kind) && parsePrincipal(arn.toLowerCase()) === undefined)
    return { why: 'its ARN is none of a role or user' };
  return undefined;
}

/** The later of two lines for one ARN counts; between mapRoles and mapUsers the former. */
function replaced(
  { text, index, arn }: { text: ReadMapLine['text']; index: number; arn: string },
  all: readonly ReadMapLine[],
): WithoutEffect | undefined {
  const same = all.filter(({ line }) => line?.arn.toLowerCase() === arn.toLowerCase());
  const place = (each: ReadMapLine): string => `${each.text}[${each.index}]`;
  const later = same.filter((each) => each.text === text && each.index > index).at(-1);
  const role = same.find((each) => each.text === 'mapRoles');
  if (text === 'mapUsers' && role !== undefined)
    return { why: `${place(role)} is for the same ARN, and roles are looked at first` };
  if (later === undefined) return undefined;
  if (text === 'mapRoles' || later.line?.arn === arn)
    return { why: `${place(later)} is for the same ARN and replaces it` };
  const why = `${place(later)} is for the same ARN in another case`;
  return { why, remedy: 'take one of them out: which of the two counts is chance' };
}

import { partitionOf } from '../../partition';

/** A token, taken apart. It holds nothing secret: no signature, no session token, no key. */
export interface ReadToken {
  /** The STS it was signed for. */
  readonly host: string;
  /**
   * When it was signed.
   *
   * @default - it does not say
   */
  readonly signedAt?: Date;
  /**
   * Whether temporary credentials signed it, such as a role's; otherwise the keys of a user.
   *
   * @default - its key is of neither kind
   */
  readonly temporary?: boolean;
  /** Everything for which EKS or STS refuses it, whenever that is. */
  readonly flaws: readonly TokenFlaw[];
}

/** What is wrong with a token. */
export type TokenFlawKind =
  | 'too-long'
  | 'no-prefix'
  | 'not-base64'
  | 'not-a-url'
  | 'host'
  | 'query'
  | 'action'
  | 'cluster-unsigned'
  | 'expires'
  | 'date'
  | 'scope'
  | 'no-session-token';

/** One reason for which a token is refused. */
export interface TokenFlaw {
  /** What it is. */
  readonly kind: TokenFlawKind;
  /** The same for people; it holds nothing secret. */
  readonly line: string;
}

/** The header whose signature ties a token to a cluster. */
export const CLUSTER_HEADER = 'x-k8s-aws-id';

const PREFIX = 'k8s-aws-v1.';

/**
 * Reads a token as the authenticator does before it asks STS; the answer of `aws eks get-token` holds one too.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.7.5/pkg/token/token.go
 */
export function readToken(given: string, partition: string): ReadToken {
  const token = bare(given);
  const bytes = Buffer.byteLength(token);
  const flaws = bytes > 4096 ? [flaw('too-long', `${bytes} bytes long, and EKS reads no more than 4096`)] : [];
  const none = (kind: TokenFlawKind, line: string): ReadToken => ({ host: '', flaws: [...flaws, flaw(kind, line)] });
  if (!token.startsWith(PREFIX)) return none('no-prefix', `it does not begin with ${PREFIX}`);
  const encoded = token.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) {
    return none('not-base64', `what is behind ${PREFIX} is not unpadded base64url`);
  }
  const text = Buffer.from(encoded, 'base64url').toString();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/')
    return none('not-a-url', 'it holds no https:// URL of an STS');
  const { values, strange } = queryOf(url);
  const [key = '', , region = '', service = ''] = (values.get('x-amz-credential') ?? '').split('/');
  const temporary = key.startsWith('ASIA') ? true : key.startsWith('AKIA') ? false : undefined;
  const signedAt = dateOf(values.get('x-amz-date'));
  return {
    host: url.host,
    signedAt,
    temporary,
    flaws: [
      ...flaws,
      ...hostFlaws(url.host, partition, region, service),
      ...flawIf(
        strange.length > 0,
        'query',
        `its URL has what EKS refuses there, or has it twice: ${strange.join(', ')}`,
      ),
      ...flawIf(values.get('action') !== 'GetCallerIdentity', 'action', 'its URL is not for GetCallerIdentity'),
      ...flawIf(!signsCluster(values), 'cluster-unsigned', `${CLUSTER_HEADER} is not signed`),
      ...flawIf(!isExpiry(values.get('x-amz-expires')), 'expires', 'X-Amz-Expires is not from 0 to 900'),
      ...flawIf(signedAt === undefined, 'date', 'X-Amz-Date is missing or no date'),
      ...flawIf(
        temporary === true && !values.has('x-amz-security-token'),
        'no-session-token',
        'temporary credentials signed it, and their session token is missing',
      ),
    ],
  };
}

function flaw(kind: TokenFlawKind, line: string): TokenFlaw {
  return { kind, line };
}

function flawIf(wrong: boolean, kind: TokenFlawKind, line: string): TokenFlaw[] {
  return wrong ? [flaw(kind, line)] : [];
}

function hostFlaws(host: string, partition: string, region: string, service: string): TokenFlaw[] {
  if (!isStsOf(host, partition)) return [flaw('host', `${host} is no STS of the partition ${partition}`)];
  const fits = service === 'sts' && hostsOf(region).includes(host);
  return flawIf(!fits, 'scope', `signed for ${service || 'nothing'} in ${region || 'no region'}, and goes to ${host}`);
}

function signsCluster(values: ReadonlyMap<string, string>): boolean {
  return (values.get('x-amz-signedheaders') ?? '').toLowerCase().split(';').includes(CLUSTER_HEADER);
}

function isExpiry(text = ''): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 900;
}

/** The token inside the answer of `aws eks get-token`, or the text itself. */
function bare(given: string): string {
  try {
    const { status } = JSON.parse(given) as { status?: { token?: unknown } };
    if (typeof status?.token === 'string') return status.token.trim();
  } catch {
    // a bare token is no JSON
  }
  return given.trim();
}

const KEYS = new Set([
  ...['action', 'version', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-expires'],
  ...['x-amz-security-token', 'x-amz-signature', 'x-amz-signedheaders'],
]);

function queryOf(url: URL): { values: ReadonlyMap<string, string>; strange: readonly string[] } {
  const values = new Map<string, string>();
  const strange: string[] = [];
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (!KEYS.has(key) || values.has(key)) strange.push(name.length > 40 ? `${name.slice(0, 39)}…` : name);
    else values.set(key, value);
  }
  return { values, strange };
}

function dateOf(text = ''): Date | undefined {
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

interface Domains {
  readonly usual: string;
  /** @default - the partition has none */
  readonly dualStack?: string;
}

const DOMAINS: Readonly<Record<string, Domains>> = {
  aws: { usual: 'amazonaws.com', dualStack: 'api.aws' },
  'aws-cn': { usual: 'amazonaws.com.cn', dualStack: 'api.amazonwebservices.com.cn' },
  'aws-us-gov': { usual: 'amazonaws.com', dualStack: 'api.aws' },
  'aws-iso': { usual: 'c2s.ic.gov' },
  'aws-iso-b': { usual: 'sc2s.sgov.gov' },
  'aws-iso-e': { usual: 'cloud.adc-e.uk' },
  'aws-iso-f': { usual: 'csp.hci.ic.gov' },
  'aws-eusc': { usual: 'amazonaws.eu' },
};

const GLOBAL = 'sts.amazonaws.com';

/** The hosts of STS for a region. */
function hostsOf(region: string): string[] {
  const { usual, dualStack } = DOMAINS[partitionOf(region)] ?? {};
  const suffixes = [usual, dualStack].filter((suffix) => suffix !== undefined);
  const regional = suffixes.flatMap((suffix) => [`sts.${region}.${suffix}`, `sts-fips.${region}.${suffix}`]);
  return region === 'us-east-1' ? [...regional, GLOBAL] : regional;
}

function isStsOf(host: string, partition: string): boolean {
  if (host === GLOBAL) return partition === 'aws';
  const region = host.split('.')[1] ?? '';
  return partitionOf(region) === partition && hostsOf(region).includes(host);
}

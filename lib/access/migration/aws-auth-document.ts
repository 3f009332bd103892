import { parseAllDocuments } from 'yaml';
import { isPlainObject } from '../../shape';
import { problem } from '../../validate';

/** The texts that aws-auth may have. */
export const MAP_KEYS = ['mapRoles', 'mapUsers', 'mapAccounts'] as const;

const KUBECTL = '`kubectl get configmap aws-auth -n kube-system -o yaml` prints';
const PRINTED = `${KUBECTL} it`;

/** The documents of a YAML or JSON text. */
export function documents(text: string): { values: readonly unknown[]; problems: string[] } {
  const problems: string[] = [];
  const wrong = (line: number, message: string): void => {
    const what = message.includes('call stack') ? 'nested too deep' : message;
    problems.push(
      problem(`line ${line}`, `must be YAML: ${what}`, text.split('\n')[line - 1]?.trim(), `as ${PRINTED}`),
    );
  };
  try {
    const values = [...parseAllDocuments(text, { logLevel: 'silent' })].flatMap((document): unknown[] => {
      const [error] = document.errors;
      if (error === undefined) return [document.toJS() as unknown];
      wrong(error.linePos?.[0].line ?? 1, error.message.split(/ at line \d+|\n/, 1).join(''));
      return [];
    });
    return { values, problems };
  } catch (error) {
    // nested by the thousands, or growing without end when its aliases are followed
    wrong(1, error instanceof Error ? error.message : String(error));
    return { values: [], problems };
  }
}

/** The `data` of a map, and how it is called. */
export interface FoundMap {
  /** `data`, or nothing if the file is the data. */
  readonly holder: string;
  /** It. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The one aws-auth among the documents, or what is wrong. */
export function findMap(values: readonly unknown[]): FoundMap | string {
  const objects = values.flatMap(items).filter(isPlainObject);
  const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
  const [named, second] = maps.filter(({ metadata }) => nameOf(metadata) === 'aws-auth');
  if (second !== undefined) return problem('metadata.name', 'must be there once in the file', 'aws-auth');
  if (named !== undefined) {
    const namespace = isPlainObject(named.metadata) ? named.metadata.namespace : undefined;
    if (namespace !== undefined && namespace !== 'kube-system')
      return problem('metadata.namespace', 'must be kube-system: EKS reads no other aws-auth', namespace);
    const { data = {} } = named;
    return isPlainObject(data) ? { holder: 'data', data } : problem('data', 'must be a map of texts', data);
  }
  const bare = objects.find(({ kind, ...data }) => kind === undefined && MAP_KEYS.some((key) => key in data));
  if (bare !== undefined) return { holder: '', data: bare };
  const [other] = maps;
  if (other !== undefined) return problem('metadata.name', 'must be aws-auth', nameOf(other.metadata), `as ${PRINTED}`);
  const [first] = values;
  const got = isPlainObject(first) ? (first.kind ?? Object.keys(first)) : first;
  return problem('kind', 'must be ConfigMap', got ?? undefined, `give the file what ${KUBECTL}`);
}

function items(value: unknown): unknown[] {
  return isPlainObject(value) && Array.isArray(value.items) ? value.items : [value];
}

function nameOf(metadata: unknown): unknown {
  return isPlainObject(metadata) ? metadata.name : undefined;
}

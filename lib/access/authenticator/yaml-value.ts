import { isAlias, isMap, isScalar, isSeq, Scalar, type Alias, type Node, type YAMLMap } from 'yaml';
import { plainType, taggedType, type ScalarType } from './yaml-scalar';
import { MAX_DEPTH, UnusableYaml, type YamlText } from './yaml-text';

/** A YAML value as far as aws-auth needs it. */
export type YamlValue = string | null | YamlOther | readonly YamlValue[] | YamlMap;

/** A number or boolean, of which only that matters: it is no text. */
export interface YamlOther {
  /** Which of them. */
  readonly type: ScalarType;
}

/** A mapping; of two equal keys the later one counts. */
export type YamlMap = ReadonlyMap<string, YamlValue>;

/**
 * Decodes a document into what the authenticator goes on with; throws {@link UnusableYaml}.
 *
 * @see https://github.com/yaml/go-yaml/blob/v2.4.2/decode.go
 */
export function decode({ root, targets }: YamlText): YamlValue {
  const count = aliasLimit();
  const open = new Set<Alias>();
  let depth = 0;

  function value(node: unknown): YamlValue {
    count(open.size > 0);
    if (isAlias(node)) return followed(node, value);
    if (isSeq(node)) return deeper(() => node.items.map((item) => value(item)));
    if (isMap(node)) return deeper(() => entries(node, new Map()));
    const { text, type } = scalar(node);
    if (type === 'not finite') throw new UnusableYaml(`holds a number that is not finite, ${text}`);
    if (type === 'null') return null;
    return type === 'string' ? text : { type };
  }

  function entries(map: YAMLMap, into: Map<string, YamlValue>): Map<string, YamlValue> {
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        merge(pair.value, into);
        continue;
      }
      const key = value(pair.key);
      const element = value(pair.value);
      if (key === null) throw new UnusableYaml('has a key that is empty');
      if (Array.isArray(key) || key instanceof Map) {
        throw new UnusableYaml('has a list or mapping as a key; a text that begins with { or [ needs quotes');
      }
      // no key that means something is a number or boolean
      if (typeof key === 'string') into.set(key, element);
    }
    return into;
  }

  function merge(source: unknown, into: Map<string, YamlValue>): void {
    // the first of several wins, so it is the last one written
    for (const node of isSeq(source) ? [...source.items].reverse() : [source]) {
      const map = isAlias(node) ? targets.get(node) : node;
      if (!isMap(map)) throw new UnusableYaml('merges something that is not a mapping');
      count(open.size > 0);
      const merged = (): YamlValue => deeper(() => entries(map, into));
      if (isAlias(node)) followed(node, merged);
      else merged();
    }
  }

  function followed(alias: Alias, then: (target: Node | undefined) => YamlValue): YamlValue {
    if (open.has(alias)) throw new UnusableYaml(`has an anchor within itself, &${alias.source}`);
    open.add(alias);
    const result = then(targets.get(alias));
    open.delete(alias);
    return result;
  }

  function deeper<T>(then: () => T): T {
    if (++depth > MAX_DEPTH) throw new UnusableYaml('is nested too deep');
    const result = then();
    depth--;
    return result;
  }

  return root === undefined ? null : value(root);
}

/**
 * Decodes a list of texts, a number as it is written; undefined for an element that is no scalar, or if it is no list.
 */
export function decodeTexts({ root, targets }: YamlText): readonly (string | undefined)[] | undefined {
  if (root === undefined) return [];
  if (isScalar(root) && scalar(root).type === 'null') return [];
  if (!isSeq(root)) return undefined;
  return root.items.map((item) => {
    const node = isAlias(item) ? targets.get(item) : item;
    if (isMap(node) || isSeq(node)) return undefined;
    const { text, type } = scalar(node);
    return type === 'null' ? '' : text;
  });
}

/** What a missing node is, such as the value in `{ a }`, and any other that is no collection. */
function scalar(node: unknown): { readonly text: string; readonly type: ScalarType } {
  if (!isScalar(node)) return { text: '', type: 'null' };
  const text = node.source ?? '';
  if (node.tag === undefined) return { text, type: node.type === Scalar.PLAIN ? plainType(text) : 'string' };
  const type = taggedType(text, node.tag);
  if (type === undefined) throw new UnusableYaml(`has a value that does not fit its tag, ${text}`);
  return { text, type };
}

/** Counts decoded nodes and throws when too many of them come from aliases: a small text must not grow without end. */
function aliasLimit(): (aliased: boolean) => void {
  let decoded = 1;
  let fromAliases = 0;
  return (aliased) => {
    decoded++;
    if (aliased) fromAliases++;
    const allowed = 0.99 - 0.89 * Math.min(Math.max((decoded - 400_000) / 3_600_000, 0), 1);
    if (fromAliases > 100 && decoded > 1000 && fromAliases / decoded > allowed) {
      throw new UnusableYaml('grows too much when its aliases are followed');
    }
  };
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === Scalar.PLAIN;
}

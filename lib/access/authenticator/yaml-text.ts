import { Composer, isAlias, LineCounter, Parser, visit } from 'yaml';
import type { Alias, CST, Document, Node, YAMLParseError } from 'yaml';

/** Why a text is of no use to the authenticator. */
export class UnusableYaml extends Error {}

/** The first document of a YAML text, not decoded yet. */
export interface YamlText {
  /**
   * Its content.
   *
   * @default - there is none, only comments
   */
  readonly root?: Node;
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

// the authenticator's reader refuses everything else, even in a comment
const CHARACTERS = /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
// and this, which YAML allows
const TAB_AFTER_DASH = /^ *(?:- +)*- *\t/m;

// no type is resolved, because those of the library are not those of the authenticator
const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  resolveKnownTags: false,
  uniqueKeys: false,
  merge: false,
  logLevel: 'silent',
} as const;

/** How deep lists and mappings may be within each other: no aws-auth is so deep, and a stack has an end. */
export const MAX_DEPTH = 100;

/** Parses a YAML text; throws {@link UnusableYaml}. */
export function parseYaml(text: string): YamlText {
  if (!CHARACTERS.test(text)) throw new UnusableYaml('holds a control character');
  if (TAB_AFTER_DASH.test(text)) throw new UnusableYaml('holds a tab after a dash');
  const content = text.replace(/^\ufeff/, '');
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(content)];
  // before the composer, which recurses
  if (isTooDeep(tokens)) throw new UnusableYaml('is nested too deep');
  const [document] = new Composer(OPTIONS).compose(tokens);
  if (document === undefined) return { targets: new Map() };
  const [error] = document.errors;
  if (error !== undefined && !isBehind(document, content, error)) {
    throw new UnusableYaml(`is not valid YAML in line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  }
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target === undefined) throw new UnusableYaml(`has an alias of nothing, *${node.source}`);
      targets.set(node, target);
    },
  });
  return { root: document.contents ?? undefined, targets };
}

function isTooDeep(tokens: readonly CST.Token[]): boolean {
  let level = tokens;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) level = level.flatMap(children);
  return level.length > 0;
}

function children(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}

/** Behind a list that has ended with a line less indented the authenticator's reader looks at nothing. */
function isBehind({ contents }: Document.Parsed, text: string, { code, pos: [offset] }: YAMLParseError): boolean {
  const [start, end] = contents?.range ?? [0, Infinity];
  return code === 'UNEXPECTED_TOKEN' && offset >= end && columnOf(text, offset) < columnOf(text, start);
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1) - 1;
}

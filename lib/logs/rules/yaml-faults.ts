import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { Unreadable } from './stored-rules';

/** Mistakes shown of a file that is no YAML: what follows the first few is mostly their echo. */
const SHOWN = 10;
/** How often anchors may be used in all; beyond that a small file is a huge one. */
const ALIASES_AT_MOST = 10_000;

const INDENT = 'the line is indented otherwise than those it belongs to';
const MERGE = '`<<` takes in maps: write an alias of one after it, such as `<<: *common`';

/** A place in a text, and what is wrong there. */
interface Fault {
  /** In characters from the beginning. */
  readonly at: number;
  /** What is wrong and what to do. */
  readonly text: string;
}

/** What YAML says, as a value. @throws Unreadable with every mistake, in the words of who writes rules. */
export function readYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { logLevel: 'error', merge: true, prettyErrors: false, lineCounter });
  // what nests too deep is no fault at a place
  if (document.errors.some(({ message }) => message.startsWith('Maximum call stack'))) throw new RangeError();
  const faults = [
    ...[...document.errors, ...document.warnings].map(({ code, message, pos: [at] }) => ({
      at,
      text: inWords(code, message, text, at, document, lineCounter),
    })),
    ...(document.errors.length === 0 ? [...strayAliases(document), ...strayMerges(document)] : []),
  ];
  if (faults.length > 0) throw new Unreadable(lines(faults, lineCounter));
  try {
    return document.toJS({ maxAliasCount: ALIASES_AT_MOST }) as unknown;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Unreadable([thrownInWords(error)]);
  }
}

function lines(faults: readonly Fault[], lineCounter: LineCounter): string[] {
  const sorted = [...faults].sort((a, b) => a.at - b.at);
  const shown = sorted.slice(0, SHOWN).map(({ at, text }) => `${place(at, lineCounter)}: ${text}`);
  const more = sorted.length - shown.length;
  return more === 0 ? shown : [...shown.slice(0, -1), `${shown.at(-1)} (and ${more} more, mostly the echo of these)`];
}

function place(at: number, lineCounter: LineCounter): string {
  const { line, col } = lineCounter.linePos(at);
  return `line ${line}:${col}`;
}

/** A mistake by the library's name for it. */
function inWords(
  code: string,
  message: string,
  text: string,
  at: number,
  document: Document.Parsed,
  lineCounter: LineCounter,
): string {
  const word = wordAt(text, at);
  const closed = /must (?:be sufficiently indented and )?end with a (.)/.exec(message)?.[1];
  if (closed !== undefined) return `a \`${closed === ']' ? '[' : '{'}\` is not closed by a \`${closed}\``;
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents the line; YAML takes spaces only';
    case 'BAD_SCALAR_START':
      return `a text cannot begin with \`${word[0] ?? ''}\` in YAML; put it in quotes: ${quoted(word)}`;
    case 'BAD_ALIAS':
      return 'a `*` begins an alias; put a text that begins with it in quotes';
    case 'TAG_RESOLVE_FAILED':
      return `\`${word.split(/\s/, 1)[0] ?? ''}\` is a tag nobody knows; put a text that begins with \`!\` in quotes`;
    case 'BAD_DQ_ESCAPE':
      return `\`${text.slice(at, at + 2)}\` means nothing in double quotes; put the text in single quotes, where \`\\\` is a character like any other`;
    case 'DUPLICATE_KEY':
      return duplicate(document, at, lineCounter);
    case 'MULTIPLE_DOCS':
      return 'a second document begins; a rule file is one: take the `---` out, or make two files';
    case 'UNEXPECTED_TOKEN':
      if (/^Unexpected . in flow/.test(message)) return `a \`${text[at] ?? ''}\` too many`;
      return `\`${text[at] ?? ''}\` does not belong here; a \`,\` or a bracket may be missing before it`;
    case 'BLOCK_IN_FLOW':
      return 'a `,` is missing before it, or a text that holds `: ` needs quotes';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second `: ` in one line; put a text that holds one in quotes';
    case 'BAD_INDENT':
      return INDENT;
    case 'MISSING_CHAR':
      if (message.startsWith('Sequence item without')) return INDENT;
      if (message.startsWith('Missing ,')) return 'a `,` is missing before it';
      if (message.startsWith('Missing closing')) return `a ${message.includes("'") ? "`'`" : '`"`'} is not closed`;
  }
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** The plain text that begins at a place: to a comment or the end of the line, or of the flow it stands in. */
function wordAt(text: string, at: number): string {
  return (/^[^\n\r]*?(?=\s+#|\s*[,\]}]|\s*[\r\n]|\s*$)/.exec(text.slice(at, at + 200))?.[0] ?? '').trim();
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}

function duplicate(document: Document.Parsed, at: number, lineCounter: LineCounter): string {
  let found = 'a key stands twice in one map; keep one';
  visit(document, {
    Map(_, { items }) {
      const second = items.find(({ key }) => isScalar(key) && key.range?.[0] === at)?.key;
      if (!isScalar(second)) return undefined;
      const first = items.find(({ key }) => isScalar(key) && key.value === second.value)?.key;
      const earlier = isScalar(first) ? ` (first in line ${lineCounter.linePos(first.range?.[0] ?? 0).line})` : '';
      found = `the key \`${String(second.value)}\` stands twice in one map${earlier}; keep one`;
      return visit.BREAK;
    },
  });
  return found;
}

function strayAliases(document: Document.Parsed): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return;
      const text = `\`*${node.source}\` stands for nothing: no \`&${node.source}\` comes before it; put a text that begins with \`*\` in quotes: ${quoted(`*${node.source}`)}`;
      faults.push({ at: node.range?.[0] ?? 0, text });
    },
  });
  return faults;
}

/** `<<` takes in what a map says that has an anchor. */
function strayMerges(document: Document.Parsed): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.source !== '<<' || key.type !== 'PLAIN') return;
      if (isMap(value) || isAlias(value) || isSeq(value)) return;
      faults.push({ at: key.range?.[0] ?? 0, text: MERGE });
    },
  });
  return faults;
}

function thrownInWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('Excessive alias count'))
    return `there are more than ${ALIASES_AT_MOST.toLocaleString('en-US')} uses of anchors (\`&name\`), or of anchors in anchors; write the lists out`;
  return message.startsWith('Merge sources') ? MERGE : `the file cannot be read: ${message}`;
}

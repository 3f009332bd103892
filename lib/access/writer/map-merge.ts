import { isDeepStrictEqual } from 'node:util';
import { isSeq, parseDocument, stringify, type Document, type YAMLSeq } from 'yaml';

/** One entry of mapRoles or mapUsers. */
export interface MapEntry {
  /** The ARN; without its case it is what tells entries apart. */
  readonly arn: string;
  /** The Kubernetes user name. */
  readonly username: string;
  /** The Kubernetes groups. */
  readonly groups: readonly string[];
}

/** The key of the ARN in an entry. */
export type ArnKey = 'rolearn' | 'userarn';

/**
 * Puts our entries into the text of mapRoles or mapUsers: adds, changes and removes those we own and keeps every other
 * byte: comments, order, quotes, block or flow style, the last line break.
 *
 * @param text - the value as it stands; undefined if the key is absent
 * @param owned - what we wrote before
 * @param wanted - what should be there
 * @returns the new value; the same string if nothing has to change
 */
export function mergeEntries(
  text: string | undefined,
  arnKey: ArnKey,
  owned: readonly MapEntry[],
  wanted: readonly MapEntry[],
): string {
  let merged = text ?? '';
  const items = readItems(merged, arnKey);
  const ours = ownItems(items, arnKey, owned);
  const targetOf = (arn: string): MapEntry | undefined => wanted.find((entry) => sameArn(entry.arn, arn));
  const expected = [...items];
  // from the last to the first, so that an edit moves no index still to come
  for (const index of [...ours.keys()].sort((a, b) => b - a)) {
    const target = targetOf(ours.get(index) ?? '');
    if (target === undefined) {
      merged = removeItem(merged, arnKey, index);
      expected.splice(index, 1);
    } else if (!isDeepStrictEqual(items[index], toItem(target, arnKey))) {
      merged = replaceItem(merged, arnKey, index, target);
      expected[index] = toItem(target, arnKey);
    }
  }
  const present = [...ours.values()];
  for (const entry of wanted) {
    if (present.some((arn) => sameArn(arn, entry.arn))) continue;
    merged = appendItem(merged, arnKey, entry);
    expected.push(toItem(entry, arnKey));
  }
  if (!isDeepStrictEqual(readItems(merged, arnKey), expected)) {
    throw new Error(
      `${MAP_KEYS[arnKey]} in aws-auth could not be merged without touching the lines of others; nothing was changed`,
    );
  }
  return merged;
}

/** The key of the ConfigMap that holds entries of each kind. */
export const MAP_KEYS: Readonly<Record<ArnKey, 'mapRoles' | 'mapUsers'>> = { rolearn: 'mapRoles', userarn: 'mapUsers' };

/**
 * Which items are ours, by index. Among items of the same ARN it is the one that says what we wrote; if somebody edited
 * it, the last, because ours was put behind a stranger's: the authenticator lets the last one win.
 */
function ownItems(items: readonly unknown[], arnKey: ArnKey, owned: readonly MapEntry[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const mine of owned) {
    const candidates = [...items.keys()].filter((index) => {
      const arn = arnOf(items[index], arnKey);
      return arn !== undefined && sameArn(arn, mine.arn) && !found.has(index);
    });
    const exact = candidates.filter((index) => isDeepStrictEqual(items[index], toItem(mine, arnKey)));
    const index = exact.at(-1) ?? candidates.at(-1);
    if (index !== undefined) found.set(index, mine.arn);
  }
  return found;
}

function sameArn(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function toItem({ arn, username, groups }: MapEntry, arnKey: ArnKey): Record<string, unknown> {
  return { [arnKey]: arn, username, groups: [...groups] };
}

function arnOf(item: unknown, arnKey: ArnKey): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  // the authenticator reads the keys of an entry without regard to case
  const value: unknown = Object.entries(item).find(([key]) => key.toLowerCase() === arnKey)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function parse(text: string, arnKey: ArnKey): { document: Document; seq: YAMLSeq | undefined } {
  const document = parseDocument(text, { keepSourceTokens: true });
  const key = MAP_KEYS[arnKey];
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw new Error(
      `${key} in aws-auth is not valid YAML${line === undefined ? '' : ` (line ${line})`}; nothing was changed. Repair it with kubectl, then deploy again`,
    );
  }
  const { contents } = document;
  if (contents === null) return { document, seq: undefined };
  if (!isSeq(contents))
    throw new Error(`${key} in aws-auth is not a list; nothing was changed. Repair it with kubectl, then deploy again`);
  return { document, seq: contents as YAMLSeq };
}

function readItems(text: string, arnKey: ArnKey): unknown[] {
  const { seq, document } = parse(text, arnKey);
  return seq === undefined ? [] : (document.toJS() as unknown[]);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** From an item's dash (block) or first character (flow) to the end of its value. */
function span(seq: YAMLSeq, index: number): Span {
  const node = seq.items[index];
  const range =
    typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number, number, number]) : undefined;
  if (range === undefined) throw new Error('an entry of aws-auth has no place in its text; nothing was changed');
  if (seq.flow === true) return { start: range[0], end: range[1] };
  const token = seq.srcToken;
  const dash =
    token?.type === 'block-seq'
      ? token.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset
      : undefined;
  return { start: dash ?? range[0], end: range[1] };
}

function eol(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The whole lines of a block item, its line break included; without one at the end of the text, the one before it. */
function lines(text: string, { start, end }: Span): Span {
  const first = text.lastIndexOf('\n', start - 1) + 1;
  let last = text.indexOf('\n', Math.max(start, end - 1));
  if (last === -1) {
    last = text.length;
    const broken = first === 0 ? 0 : first - (text[first - 2] === '\r' ? 2 : 1);
    return { start: broken, end: last };
  }
  return { start: first, end: last + 1 };
}

function removeItem(text: string, arnKey: ArnKey, index: number): string {
  const { seq } = parse(text, arnKey);
  if (seq === undefined) return text;
  const own = span(seq, index);
  if (seq.flow !== true) {
    const whole = lines(text, own);
    return text.slice(0, whole.start) + text.slice(whole.end);
  }
  const previous = index > 0 ? span(seq, index - 1) : undefined;
  const next = index + 1 < seq.items.length ? span(seq, index + 1) : undefined;
  if (previous !== undefined) return text.slice(0, previous.end) + text.slice(own.end);
  return text.slice(0, own.start) + text.slice(next?.start ?? own.end);
}

function block(entry: MapEntry, arnKey: ArnKey, indent: string, lineBreak: string): string {
  const rendered = stringify([toItem(entry, arnKey)], { lineWidth: 0 }).trimEnd();
  return rendered
    .split('\n')
    .map((line) => indent + line)
    .join(lineBreak);
}

function indentAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

function replaceItem(text: string, arnKey: ArnKey, index: number, entry: MapEntry): string {
  const { seq } = parse(text, arnKey);
  if (seq === undefined) return text;
  const own = span(seq, index);
  if (seq.flow === true) return text.slice(0, own.start) + JSON.stringify(toItem(entry, arnKey)) + text.slice(own.end);
  const indent = indentAt(text, own.start);
  const body = text.slice(own.start, own.end).replace(/\s+$/, '');
  const rendered = block(entry, arnKey, indent, eol(text)).slice(indent.length);
  return text.slice(0, own.start) + rendered + text.slice(own.start + body.length);
}

function appendItem(text: string, arnKey: ArnKey, entry: MapEntry): string {
  const { seq } = parse(text, arnKey);
  if (seq?.flow === true) {
    const json = JSON.stringify(toItem(entry, arnKey));
    if (seq.items.length > 0) {
      const { end } = span(seq, seq.items.length - 1);
      return `${text.slice(0, end)}, ${json}${text.slice(end)}`;
    }
    const open = text.indexOf('[', seq.range?.[0] ?? 0) + 1;
    return text.slice(0, open) + json + text.slice(open);
  }
  const lineBreak = eol(text);
  if (seq === undefined || seq.items.length === 0) {
    const apart = text === '' || text.endsWith('\n');
    const rendered = block(entry, arnKey, '', lineBreak);
    // a text without a last line break gets none, so that taking the entry out again restores it
    return apart ? `${text}${rendered}${lineBreak}` : `${text}${lineBreak}${rendered}`;
  }
  const last = span(seq, seq.items.length - 1);
  const rendered = block(entry, arnKey, indentAt(text, span(seq, 0).start), lineBreak);
  const end = text.indexOf('\n', Math.max(last.start, last.end - 1));
  if (end === -1) return `${text}${lineBreak}${rendered}`;
  return `${text.slice(0, end + 1)}${rendered}${lineBreak}${text.slice(end + 1)}`;
}

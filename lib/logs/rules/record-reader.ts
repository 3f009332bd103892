import { isObject, LogRecord, podOf, type Pod } from './record';

/** Pods known; a second generation takes over when there are so many, so that memory stays bounded. */
const PODS_AT_MOST = 2_000;
/** Of what `kubernetes` says about a pod, in characters. */
const TEXT_AT_MOST = 16_384;
/** Pods, containers and hosts that share a number. */
const VARIANTS_AT_MOST = 16;
/** Characters of a name that count. */
const HASHED = 10;

const MEMBER = ',"kubernetes":{';
const NAME = '"pod_name":"';

interface KnownPod {
  /** The member `kubernetes` as it stands in lines, with the comma before it. */
  readonly text: string;
  readonly pod: Pod;
}

/**
 * Reads lines. What an agent says about a pod stands in each line of the pod, and is most of it; it is read once.
 *
 * A line is `H K R` where K is the member `,"kubernetes":{…}` of a line read before, and R the closing brace or further
 * members. If `H}` is an object with members and R, with a brace for its comma, is one too, then so is the line, and its
 * members are those of the three: an object is nothing but members between commas. All else is read as a whole.
 */
export class RecordReader {
  private pods = new Map<number, KnownPod[]>();
  private older = new Map<number, KnownPod[]>();

  /** The record in a line; undefined if it is no JSON object. */
  read(line: string): LogRecord | undefined {
    const at = line.indexOf(MEMBER);
    const name = at > 0 ? nameHash(line, at) : undefined;
    const known = name === undefined ? undefined : this.known(name, line, at);
    const record = known === undefined ? undefined : joined(line, at, known);
    if (record !== undefined) return record;
    const whole = jsonObject(line);
    if (whole === undefined) return undefined;
    const pod = podOf(whole.kubernetes);
    if (name !== undefined && known === undefined) this.learn(name, line, at, pod);
    return new LogRecord(line, pod, whole);
  }

  private known(name: number, line: string, at: number): KnownPod | undefined {
    let pods = this.pods.get(name);
    if (pods === undefined) {
      pods = this.older.get(name);
      if (pods === undefined) return undefined;
      this.add(name, pods);
    }
    for (const each of pods) if (line.slice(at, at + each.text.length) === each.text) return each;
    return undefined;
  }

  private learn(name: number, line: string, at: number, pod: Pod): void {
    // `H}` must be an object by itself, or the member found stands deeper, or in a text
    if (jsonObject(`${line.slice(0, at)}}`) === undefined) return;
    const end = objectEnd(line, at + MEMBER.length - 1);
    const text = copied(line.slice(at, end));
    // of two members with one name the last counts
    if (text.length > TEXT_AT_MOST || line.includes('"kubernetes"', end)) return;
    const pods = this.pods.get(name);
    if (pods === undefined) this.add(name, [{ text, pod }]);
    else if (pods.length < VARIANTS_AT_MOST) pods.push({ text, pod });
    else pods.splice(0, pods.length, { text, pod });
  }

  private add(name: number, pods: KnownPod[]): void {
    if (this.pods.size >= PODS_AT_MOST) {
      this.older = this.pods;
      this.pods = new Map();
    }
    this.pods.set(name, pods);
  }
}

/** A number for the pod a line names, by the end of the name, which is where pods differ; others may share it. */
function nameHash(line: string, at: number): number | undefined {
  const from = line.indexOf(NAME, at);
  if (from < 0) return undefined;
  const start = from + NAME.length;
  const end = line.indexOf('"', start);
  if (end < 0) return undefined;
  let hash = end - start;
  for (let i = Math.max(start, end - HASHED); i < end; i++) hash = (Math.imul(hash, 31) + line.charCodeAt(i)) | 0;
  return hash;
}

/** The record of a line whose member `kubernetes` is known; undefined if the line has to be read as a whole. */
function joined(line: string, at: number, { text, pod }: KnownPod): LogRecord | undefined {
  const next = at + text.length;
  const closes = line.charCodeAt(next) === 125 && next === line.length - 1;
  if (!closes && line.charCodeAt(next) !== 44) return undefined;
  const first = jsonObject(`${line.slice(0, at)}}`);
  if (first === undefined || isEmpty(first)) return undefined;
  if (closes) return new LogRecord(line, pod, first);
  const second = jsonObject(`{${line.slice(next + 1)}`);
  if (second === undefined || isEmpty(second) || Object.hasOwn(second, 'kubernetes')) return undefined;
  return new LogRecord(line, pod, first, second);
}

/** The JSON object a text is; undefined if it is none. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  if (text.charCodeAt(0) !== 123) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** Where the object that begins at `from` ends, in a text that is valid JSON. */
function objectEnd(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) for (i++; text.charCodeAt(i) !== 34; i++) i += text.charCodeAt(i) === 92 ? 1 : 0;
    else if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return i + 1;
  }
  return text.length;
}

/** A text of its own: a slice would keep the whole batch it was cut from in memory. */
export function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

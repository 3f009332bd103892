import { gravestRankOfText, rankOfBrokenJson, rankOfField, rankOfText } from './level';

type Fields = Readonly<Record<string, unknown>>;

/** What Kubernetes says about where a record comes from; records of one pod share it. */
export interface Pod {
  /** The record's `kubernetes`; empty if it has none. */
  readonly kubernetes: Fields;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly pod: string;
  /** The container. */
  readonly container: string;
  /** The labels of the pod. */
  readonly labels: Fields;
  /**
   * What an engine found out about the rules for this pod.
   *
   * @default - nothing yet
   */
  facts?: PodFacts;
}

/** What holds for all records of a pod. */
export interface PodFacts {
  /** Rules that are not ruled out, as bits. */
  readonly rules: Uint32Array;
  /** Whether there are none. */
  readonly idle: boolean;
  /** Whether one of them asks for texts in the message. */
  readonly asksText: boolean;
  /** Guards that are not ruled out. */
  readonly guards: readonly number[];
}

const NOTHING: Fields = Object.freeze({});

/** The pod of what stands in `kubernetes`. */
export function podOf(kubernetes: unknown): Pod {
  const known = isObject(kubernetes) ? kubernetes : NOTHING;
  return {
    kubernetes: known,
    namespace: textOr(own(known, 'namespace_name')),
    pod: textOr(own(known, 'pod_name')),
    container: textOr(own(known, 'container_name')),
    labels: isObject(own(known, 'labels')) ? (own(known, 'labels') as Record<string, unknown>) : NOTHING,
  };
}

/** A record as rules see it. */
export class LogRecord {
  private foundMessage: string | undefined;
  private foundRank = -1;
  private foundGravest = -1;
  private foundObject: Fields | null | undefined;

  /**
   * `fields` are its fields but for `kubernetes`, which stands in `pod`; where there are two, the second goes before
   * the first.
   */
  constructor(
    /** As it came. */
    readonly line: string,
    /** Where it comes from. */
    readonly pod: Pod,
    private readonly first: Fields,
    private readonly second: Fields = NOTHING,
    /** What sampling decides by if no field does. */
    readonly sampled = line,
  ) {}

  /** The message: `log`, `message` or `msg`, as a text. */
  get message(): string {
    return (this.foundMessage ??= textOf(this.field('log') ?? this.field('message') ?? this.field('msg') ?? '') ?? '');
  }

  /** The rank of its level: by a field of its own, by one of the message, or by what the message says; 0 if none does. */
  get rank(): number {
    if (this.foundRank < 0) this.foundRank = this.ownRank() || this.rankOfMessage(rankOfText);
    return this.foundRank;
  }

  /** The rank of the gravest level it may be meant to have, for who must not drop it by mistake. */
  get gravestRank(): number {
    if (this.foundGravest < 0) this.foundGravest = Math.max(this.ownRank(), this.rankOfMessage(gravestRankOfText));
    return this.foundGravest;
  }

  /** A field of the record. */
  field(name: string): unknown {
    if (this.second !== NOTHING && Object.hasOwn(this.second, name)) return this.second[name];
    return own(this.first, name);
  }

  /** What stands at the end of a path; undefined if nothing does. */
  at(path: readonly string[]): unknown {
    const name = path[0] as string;
    let value = name === 'kubernetes' ? this.kubernetes() : this.field(name);
    for (let i = 1; i < path.length && value !== undefined; i++) {
      if (typeof value === 'string') value = this.inside(value, i === 1 && name === 'log');
      value = typeof value === 'object' && value !== null ? own(value as Fields, path[i] as string) : undefined;
    }
    return value;
  }

  private kubernetes(): unknown {
    return this.pod.kubernetes === NOTHING ? this.field('kubernetes') : this.pod.kubernetes;
  }

  private ownRank(): number {
    const rank = rankOfFields(this.first, this.second) || rankOfFields(this.second);
    if (rank > 0) return rank;
    const processed = this.field('log_processed');
    return isObject(processed) ? rankOfFields(processed) : 0;
  }

  private rankOfMessage(ofText: (text: string) => number): number {
    if (this.message.charCodeAt(0) !== 123) return ofText(this.message);
    const object = this.messageObject();
    if (object === undefined) return rankOfBrokenJson(this.message);
    const rank = rankOfFields(object);
    if (rank > 0) return rank;
    const text = own(object, 'message') ?? own(object, 'msg') ?? own(object, 'log');
    return typeof text === 'string' ? ofText(text) : 0;
  }

  /** The object a text holds. */
  private inside(text: string, isMessage: boolean): unknown {
    return isMessage && text === this.message ? this.messageObject() : jsonIn(text);
  }

  /** The object the message is, read once. */
  private messageObject(): Fields | undefined {
    if (this.foundObject === undefined) this.foundObject = jsonIn(this.message) ?? null;
    return this.foundObject ?? undefined;
  }
}

/** A value as a text: texts as they are, others as JSON; undefined for what is not there. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return ''; // it nests too deep to be written
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: Fields, name: string): unknown {
  // most fields asked for are not there: that shows without asking whose they are
  const value = object[name];
  if (value === undefined || !Object.hasOwn(object, name)) return undefined;
  return name === 'length' && Array.isArray(object) ? undefined : value;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The rank of the first field that holds a level, ECS in one called `log`; fields of `over` go before those of a name. */
function rankOfFields(fields: Fields, over: Fields = NOTHING): number {
  for (const name in fields) {
    const value = over !== NOTHING && Object.hasOwn(over, name) ? over[name] : fields[name];
    const rank =
      name === 'log' && isObject(value) ? rankOfField('level', own(value, 'level')) : rankOfField(name, value);
    if (rank > 0) return rank;
  }
  return 0;
}

function jsonIn(text: string): Fields | undefined {
  if (text.charCodeAt(0) !== 123) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

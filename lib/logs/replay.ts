/** The most Firehose takes in one call. @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const PUT_LIMITS = {
  /** Records of one call. */
  records: 500,
  /** Bytes of one call. */
  batchBytes: 4 * 1024 ** 2,
  /** Bytes of one record. */
  recordBytes: 1000 * 1024,
} as const;

/** How large lines of the archive are put together: well below what a record may be, well above what is rounded up. */
export const AGGREGATE_BYTES = 256 * 1024;

/** A record that goes into the stream again. */
export interface ReplayRecord {
  /** What is sent. */
  readonly data: Uint8Array;
  /** Bytes of it that are logs, and not marks. */
  readonly bytes: number;
  /** Log lines in it. */
  readonly lines: number;
  /** How many lines of its object are done with once it is accepted. */
  readonly linesDone: number;
}

/** Records of one call, and how far the object is done once all of them are accepted. */
export interface ReplayBatch {
  /** The records. */
  readonly records: readonly Uint8Array[];
  /** Bytes of them that are logs. */
  readonly bytes: number;
  /** Log lines in them. */
  readonly lines: number;
  /** Lines of the object that are done. */
  readonly linesDone: number;
}

/** Collects records into calls as large as Firehose takes them. */
export class ReplayBatches {
  private records: Uint8Array[] = [];
  private size = 0;
  private bytes = 0;
  private lines = 0;
  private linesDone = 0;

  /** Adds a record; what it returns is full and has to be sent first. */
  add({ data, bytes, lines, linesDone }: ReplayRecord): ReplayBatch | undefined {
    const full =
      this.records.length === PUT_LIMITS.records || this.size + data.length > PUT_LIMITS.batchBytes
        ? this.rest()
        : undefined;
    this.records.push(data);
    this.size += data.length;
    this.bytes += bytes;
    this.lines += lines;
    this.linesDone = linesDone;
    return full;
  }

  /** What is left. */
  rest(): ReplayBatch | undefined {
    if (this.records.length === 0) return undefined;
    const { records, bytes, lines, linesDone } = this;
    [this.records, this.size, this.bytes, this.lines] = [[], 0, 0, 0];
    return { records, bytes, lines, linesDone };
  }
}

/** One line of what Firehose gave up on. */
export interface FailedLine {
  /** Why, as Firehose says it. */
  readonly reason: string;
  /** The record as the agent sent it. */
  readonly data: Uint8Array;
}

/** Reads a line of an object below `failed/`; undefined if it is none. */
export function failedLine(line: string): FailedLine | undefined {
  try {
    const { rawData, errorCode } = JSON.parse(line) as { rawData?: unknown; errorCode?: unknown };
    if (typeof rawData !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(rawData)) return undefined;
    return { reason: typeof errorCode === 'string' ? errorCode : 'unknown', data: Buffer.from(rawData, 'base64') };
  } catch {
    return undefined;
  }
}

/** Cuts a record of lines in two or more that are no larger than an aggregate should be; what has no line break stays whole. */
export function cutAtLines(data: Uint8Array, most = AGGREGATE_BYTES): Uint8Array[] {
  if (data.length <= most || (data[0] === 0x1f && data[1] === 0x8b)) return [data];
  const parts: Uint8Array[] = [];
  for (let begin = 0; begin < data.length;) {
    const last = data.length - begin <= most ? data.length - 1 : data.lastIndexOf(NEWLINE, begin + most - 1);
    const cut = last >= begin ? last : data.indexOf(NEWLINE, begin + most);
    const end = cut < 0 ? data.length : cut + 1;
    parts.push(data.subarray(begin, end));
    begin = end;
  }
  return parts;
}

const NEWLINE = 10;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment as people write it: a day or a time in UTC, `yesterday`, or how long ago, such as `90m`, `6h`, `2d`. */
export function readMoment(text: string, now: Date): Date | undefined {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return new Date(now.getTime() - Number(number) * (UNITS[unit] ?? 0));
  if (text === 'yesterday' || text === 'today') {
    const day = new Date(now.getTime() - (text === 'today' ? 0 : (UNITS.d ?? 0)));
    return new Date(`${day.toISOString().slice(0, 10)}T00:00:00Z`);
  }
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)Z?)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const moment = new Date(`${day}T${time ?? '00:00'}Z`);
  // JavaScript reads the 30th of February as the 2nd of March
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== day ? undefined : moment;
}

/** When the hour of an object begins, by its key; undefined if it names none. */
export function hourOf(key: string): Date | undefined {
  const [, day, hour] = /(?:^|\/)dt=(\d{4}-\d{2}-\d{2})\/hour=(\d{2})\//.exec(key) ?? [];
  const moment = new Date(`${day}T${hour}:00:00Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** The whole hours that have something of a span of time: objects are of an hour each. */
export function wholeHours(since: Date, until: Date): { readonly from: Date; readonly to: Date } {
  const hour = UNITS.h ?? 0;
  return {
    from: new Date(Math.floor(since.getTime() / hour) * hour),
    to: new Date(Math.ceil(until.getTime() / hour) * hour),
  };
}

/** Whether an object's hour has something of a span of time. */
export function isWithin(key: string, since: Date, until: Date): boolean {
  const begins = hourOf(key)?.getTime();
  return begins !== undefined && begins < until.getTime() && begins + (UNITS.h ?? 0) > since.getTime();
}

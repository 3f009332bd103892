import { createReadStream, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isMark } from '../../lib/logs/filter/reingestion-mark';
import { REPLAY_MARKS } from '../../lib/logs/filter/replay-mark';
import { Failure, messageOf, whyUnreadable } from '../../sandbox/failure';

/** One part of a sample: a file, an object, or what comes in on stdin. */
export interface SamplePart {
  /** Its name, for messages. */
  readonly name: string;
  /** Opens it. */
  readonly open: () => Promise<Readable> | Readable;
}

/** What a sample may be, in words. */
export const SAMPLE_FORMS =
  'yesterday, today, a day such as 2026-11-24, a file, a folder, s3://bucket/prefix, or - for stdin';

/** A line longer than this is no log line: Firehose takes no record over 1,000 KiB. */
const LONGEST = 16 * 1024 * 1024;
/** A gzip in a gzip is met; more than that is a trap. */
const LAYERS = 3;

/** The parts of a sample on this machine: a file, a folder with all below it, or `-` for stdin. */
export function localParts(where: string): SamplePart[] {
  if (where === '-') return [{ name: 'stdin', open: () => process.stdin }];
  let files: string[];
  try {
    files = statSync(where).isDirectory() ? below(where) : [where];
  } catch (error) {
    throw new Failure(`${whyUnreadable(where, error, 'file or folder')} A sample is ${SAMPLE_FORMS}.`);
  }
  if (files.length === 0) throw new Failure(`The sample is empty: there is no file in ${where}.`);
  return files.map((name) => ({ name, open: () => createReadStream(name) }));
}

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.join(folder, entry.name);
      return entry.isDirectory() ? below(name) : entry.isFile() ? [name] : [];
    });
}

/**
 * The lines of a sample, in groups as they are read; gzip is seen by its first bytes. Nothing is held but one group, so
 * a sample may be of any size.
 */
export async function* sampleLines(parts: readonly SamplePart[], limit = Infinity): AsyncGenerator<readonly string[]> {
  let read = 0;
  for (const { name, open } of parts) {
    const before = read;
    try {
      for await (const lines of linesOf(await open())) {
        const taken = lines.slice(0, limit - read);
        read += taken.length;
        if (taken.length > 0) yield taken;
        if (read >= limit) return;
      }
    } catch (error) {
      if (error instanceof Failure) throw error;
      const after = read > before ? ` after ${read - before} lines` : '';
      throw new Failure(after === '' ? unreadable(name, error) : `${name} cannot be read${after}: ${damage(error)}.`);
    }
  }
}

function unreadable(name: string, error: unknown): string {
  const { code } = error as { code?: unknown };
  const ofSystem = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  return ofSystem ? whyUnreadable(name, error) : `${name} cannot be read: ${damage(error)}.`;
}

function damage(error: unknown): string {
  const { code } = error as { code?: unknown };
  const why = messageOf(error);
  return typeof code === 'string' && code.startsWith('Z_') ? `its gzip is damaged (${why})` : why;
}

async function* linesOf(stream: Readable): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  const isRecord = recordTest();
  let rest = '';
  for await (const chunk of unzipped(stream, LAYERS)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) throw new Error(`it has a line of more than ${LONGEST / 1024 ** 2} MB`);
    yield lines.map(withoutReturn).filter(isRecord);
  }
  const last = withoutReturn(rest + decoder.decode());
  if (isRecord(last)) yield [last];
}

/** Whether a line is a record that came: the mark of one that was ingested again is no line of anybody's, and what was replayed stands in the archive a second time, between marks. */
function recordTest(): (line: string) => boolean {
  let replayed = false;
  return (line) => {
    if (line === '' || isMark(line)) return false;
    if (line === REPLAY_MARKS.begin) replayed = true;
    else if (line === REPLAY_MARKS.end) replayed = false;
    else return !replayed;
    return false;
  };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** The bytes of a stream without the gzip around them, if there is one. */
async function* unzipped(stream: Readable, layers: number): AsyncGenerator<Buffer> {
  try {
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let head = Buffer.alloc(0);
    while (head.length < 2) {
      const { done, value } = await chunks.next();
      if (done === true) break;
      head = Buffer.concat([head, value]);
    }
    const whole = (async function* (): AsyncGenerator<Buffer> {
      if (head.length > 0) yield head;
      yield* { [Symbol.asyncIterator]: () => chunks };
    })();
    if (head[0] !== 0x1f || head[1] !== 0x8b) yield* whole;
    else if (layers === 0) throw new Error(`it is gzip in more than ${LAYERS} layers`);
    else {
      const source = Readable.from(whole);
      const gunzip = createGunzip();
      // pipe() does not pass errors on
      source.on('error', (error) => gunzip.destroy(error));
      yield* unzipped(source.pipe(gunzip), layers - 1);
    }
  } finally {
    stream.destroy(); // a limit ends the reading early
  }
}

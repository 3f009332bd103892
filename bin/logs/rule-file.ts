import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseRules } from '../../lib/logs/rules/parse-rules';
import type { ParsedRules } from '../../lib/logs/rules/stored-rules';
import { problemList } from '../../lib/validate';
import { Failure, whyUnreadable } from '../../sandbox/failure';
import { ROOT } from '../../sandbox/places';

const FOLDER = path.join('config', 'logs');
const ENDINGS = ['.yaml', '.yml', '.json'];
const LEAST = 'the least it may hold is `version: 1` and `rules: []`';

/** A rule file as it was read. */
export interface RuleFile {
  /** Its path as a user would write it. */
  readonly name: string;
  /** Where it is; undefined for stdin. */
  readonly path: string | undefined;
  /** What it holds, or what is wrong with it. */
  readonly parsed: ParsedRules;
}

/** The names for which there are rule files in config/logs/. */
export function ruleFileNames(): string[] {
  const folder = path.join(ROOT, FOLDER);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => ENDINGS.includes(path.extname(file)));
  return [...new Set(files.map((file) => path.parse(file).name))].sort();
}

/** The rule file of a platform, or another one if it is named; `-` is stdin. */
export function ruleFile(platform: string, named?: string): RuleFile {
  if (named === '-') return readRules('stdin', 0);
  if (named !== undefined) return readRules(named, named);
  const there = ENDINGS.map((ending) => path.join(FOLDER, `${platform}${ending}`)).filter((file) =>
    existsSync(path.join(ROOT, file)),
  );
  const [first, second] = there.map((file) => readRules(file, path.join(ROOT, file)));
  if (first === undefined)
    throw new Failure(`There are no rules for ${platform}: write ${FOLDER}/${platform}.yaml; ${LEAST}.`);
  if (second === undefined) return first;
  const twice = `\`${second.name}\` is there as well, for the same platform; keep one of the two`;
  const others = (second.parsed.problems ?? []).map((line) => `${second.name}: ${line}`);
  return withProblems(first, [twice, ...(first.parsed.problems ?? []), ...others]);
}

/** A rule file that has these problems, whatever stands in it. */
export function withProblems(file: RuleFile, problems: readonly string[]): RuleFile {
  return { ...file, parsed: { rules: undefined, problems } };
}

/** Rule files that are none: every mistake of each. */
export class InvalidRules extends Failure {
  constructor(readonly problems: Readonly<Record<string, readonly string[]>>) {
    super(
      Object.entries(problems)
        .map(([name, lines]) => problemList(name, lines))
        .join('\n'),
    );
  }
}

/** The rules of a file without mistakes; all mistakes at once otherwise, with those of other files that are used. */
export function soundRules(file: RuleFile, ...others: readonly RuleFile[]): LogRules {
  const wrong = [file, ...others].flatMap(({ name, parsed }) =>
    parsed.problems === undefined ? [] : [[name, parsed.problems] as const],
  );
  if (wrong.length > 0 || file.parsed.rules === undefined) throw new InvalidRules(Object.fromEntries(wrong));
  return file.parsed.rules;
}

function readRules(name: string, file: string | 0): RuleFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Failure(`${whyUnreadable(name, error)} Rules are a file such as ${FOLDER}/dev.yaml, or - for stdin.`);
  }
  return { name, path: file === 0 ? undefined : path.resolve(file), parsed: parsedBytes(bytes) };
}

function parsedBytes(bytes: Buffer): ParsedRules {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    // Windows PowerShell writes UTF-16 by itself
    const wide = bytes.length > 1 && (bytes[0] === 0 || bytes[1] === 0 || bytes.readUInt16LE(0) >= 0xfeff);
    const what = wide ? ': it looks like UTF-16' : '';
    return { rules: undefined, problems: [`the file is not text in UTF-8${what}; save it as UTF-8`] };
  }
  const text = bytes.toString('utf8');
  return text.trim() === '' ? { rules: undefined, problems: [`the file is empty; ${LEAST}`] } : parseRules(text);
}

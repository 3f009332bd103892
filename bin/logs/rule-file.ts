import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseRules } from '../../lib/logs/rules/parse-rules';
import type { ParsedRules } from '../../lib/logs/rules/stored-rules';
import { problemList } from '../../lib/validate';
import { Failure, messageOf } from '../../sandbox/failure';
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
  const [first, second] = there;
  if (first === undefined)
    throw new Failure(`There are no rules for ${platform}: write ${FOLDER}/${platform}.yaml; ${LEAST}.`);
  if (second !== undefined)
    throw new Failure(`There are two rule files for ${platform}, ${first} and ${second}: keep one.`);
  return readRules(first, path.join(ROOT, first));
}

/** The rules of a file without mistakes; all mistakes at once otherwise. */
export function soundRules({ name, parsed }: RuleFile): LogRules {
  if (parsed.problems !== undefined) throw new Failure(problemList(name, parsed.problems));
  return parsed.rules;
}

function readRules(name: string, file: string | 0): RuleFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`The rules cannot be read: ${messageOf(error)}`);
  }
  return {
    name,
    path: file === 0 ? undefined : path.resolve(file),
    parsed: text.trim() === '' ? { rules: undefined, problems: [`the file is empty; ${LEAST}`] } : parseRules(text),
  };
}

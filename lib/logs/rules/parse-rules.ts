import { problem } from '../../validate';
import { RULE_LIMITS } from './rule-limits';
import { readRules, Unreadable, type ParsedRules } from './stored-rules';
import { readYaml } from './yaml-faults';

/** Reads rules as people write them: YAML or JSON. */
export function parseRules(text: string): ParsedRules {
  return readRules(text, (yaml) => {
    const value = readYaml(yaml);
    if (!isTree(value))
      throw new Unreadable(['an alias (`*name`) stands inside what it names (`&name`); write it out']);
    const bytes = writtenOut(value);
    if (bytes > RULE_LIMITS.fileBytes) {
      const rule = `must not be larger than ${RULE_LIMITS.fileBytes} bytes as the JSON that is stored`;
      throw new Unreadable([
        problem('the file', rule, bytes, 'use fewer aliases (`*name`), or name less with `&name`'),
      ]);
    }
    return value;
  });
}

/** Whether nothing holds itself: aliases may make a circle, which is endless. */
function isTree(value: unknown, holders: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !holders.has(value) && Object.values(value).every((each) => isTree(each, new Set([...holders, value])));
}

/** Bytes of the rules as they are stored. */
function writtenOut(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return Infinity; // longer than any text may be
  }
}

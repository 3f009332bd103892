import { parseDocument } from 'yaml';
import { readRules, type ParsedRules } from './stored-rules';

/** Errors shown of a file that is no YAML: what follows the first is mostly its echo. */
const SHOWN = 3;

/** Reads rules as people write them: YAML or JSON. */
export function parseRules(text: string): ParsedRules {
  return readRules(text, (yaml) => {
    const document = parseDocument(yaml, { logLevel: 'error' });
    const errors = document.errors.map(({ message }) => message.split('\n', 1)[0]?.replace(/:$/, '') ?? message);
    if (errors.some((error) => error.startsWith('Maximum call stack'))) throw new RangeError();
    if (errors.length > 0) throw new Error(errors.slice(0, SHOWN).join('; '));
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    if (!isTree(value)) throw new Error('an alias (`*name`) stands inside what it names (`&name`); write it out');
    return value;
  });
}

/** Whether nothing holds itself: aliases may make a circle, which is endless. */
function isTree(value: unknown, holders: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !holders.has(value) && Object.values(value).every((each) => isTree(each, new Set([...holders, value])));
}

import { parseDocument } from 'yaml';
import { readRules, type ParsedRules } from './stored-rules';

/** Errors shown of a file that is no YAML: what follows the first is mostly its echo. */
const SHOWN = 3;

/** Reads rules as people write them: YAML or JSON. */
export function parseRules(text: string): ParsedRules {
  return readRules(text, (yaml) => {
    const document = parseDocument(yaml);
    const errors = document.errors.map(({ message }) => message.split('\n', 1)[0]?.replace(/:$/, '') ?? message);
    if (errors.some((error) => error.startsWith('Maximum call stack'))) throw new RangeError();
    if (errors.length > 0) throw new Error(errors.slice(0, SHOWN).join('; '));
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  });
}

import { RecordReader } from '../rules/record-reader';
import type { LinePattern } from './line-pattern';
import { MEMBER_END, saidIn } from './said';
import { ShownRecords } from './shown-record';
import { constants, tokensOf } from './template';
import { VARIABLES } from './variables';

/**
 * The template of a pattern as it may be shown: what is constant in a sample may still be somebody's address or a key.
 * Of that only what also stands in an example as it is shown stays constant.
 */
export function templateShown(pattern: LinePattern, records: ShownRecords): string {
  const [example] = pattern.examples;
  if (example === undefined) return VARIABLES.any;
  const { form, path } = pattern.kind.said;
  const record = new RecordReader().read(JSON.stringify(records.short(example, pattern.kind)));
  if (record === undefined) return VARIABLES.any;
  const found = form === 'json' ? record.at(path) : form === 'fields' ? saidIn(record).text : record.message;
  const text = typeof found === 'string' ? found : '';
  const end = form === 'fields' ? MEMBER_END : undefined;
  const isShown = (token: string): boolean => constants(token).every((part) => text.includes(part.trim()));
  return tokensOf(pattern.template, end)
    .map((token) => (isShown(token) ? token : hidden(token, end)))
    .join('');
}

function hidden(token: string, end: string | undefined): string {
  if (end !== undefined) return `${token.slice(0, token.indexOf('=') + 1)}${VARIABLES.any}${end}`;
  return `${VARIABLES.any}${token.endsWith(' ') ? ' ' : ''}`;
}

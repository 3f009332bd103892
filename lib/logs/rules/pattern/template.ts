/** Makes the text that replaces a match, from the whole text and the starts and ends of the match and its groups. */
export type Template = (text: string, ends: Int32Array) => string;

const REFERENCE = /\$(?:([$&])|(\d\d?)|<([^>]*)>)/g;

/** Reads `$1`, `$<name>`, `$&` and `$$` as JavaScript does; a `$` that stands for nothing stays. */
export function template(text: string, groups: readonly (string | undefined)[]): Template {
  const parts: (string | number)[] = [];
  let from = 0;
  for (const found of text.matchAll(REFERENCE)) {
    const group = groupOf(found, groups);
    if (group === undefined) continue;
    parts.push(text.slice(from, found.index));
    if (found[1] === '$') parts.push('$');
    else parts.push(group.number);
    from = found.index + group.length;
  }
  parts.push(text.slice(from));
  return (whole, ends) =>
    parts
      .map((part) =>
        typeof part === 'string' ? part : ends[2 * part] === -1 ? '' : whole.slice(ends[2 * part], ends[2 * part + 1]),
      )
      .join('');
}

/** The first `$` of a replacement that stands for nothing its pattern has. */
export function strayReference(text: string, groups: readonly (string | undefined)[]): string | undefined {
  for (const found of text.matchAll(/\$(?:([$&])|(\d\d?)|<([^>]*)>)?/g)) {
    if (groupOf(found, groups) === undefined) return found[0];
  }
  return undefined;
}

function groupOf(
  found: RegExpExecArray,
  groups: readonly (string | undefined)[],
): { number: number; length: number } | undefined {
  const [reference, sign, digits, name] = found;
  if (sign !== undefined) return { number: 0, length: 2 };
  if (name !== undefined) {
    const index = groups.indexOf(name);
    return index < 0 ? undefined : { number: index + 1, length: reference.length };
  }
  if (digits === undefined) return undefined;
  // of two digits the second may be one that follows
  for (const each of [digits, digits.slice(0, 1)]) {
    if (Number(each) >= 1 && Number(each) <= groups.length) return { number: Number(each), length: 1 + each.length };
  }
  return undefined;
}

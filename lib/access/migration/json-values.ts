/** One JSON value of a text, and the line it begins in. */
export interface JsonValue {
  /** The value; undefined if it is no JSON. */
  readonly value: unknown;
  /** From 1. */
  readonly line: number;
  /** Its text. */
  readonly text: string;
}

/**
 * Reads JSON values that stand one behind the other, as a command leaves them that is run for one thing after another
 * and appends to the same file.
 */
export function jsonValues(text: string): JsonValue[] {
  return pieces(text).map(({ start, end }) => {
    const piece = text.slice(start, end);
    return { value: parsed(piece), line: text.slice(0, start).split('\n').length, text: piece };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where each value begins and ends: with the bracket that closes the first one; what is outside of brackets is a piece. */
function pieces(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let depth = 0;
  let start: number | undefined;
  // a text in quotes may hold brackets
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|[^\s"[\]{}]+|"/g)) {
    start ??= index;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > 0) continue;
    found.push({ start, end: index + token.length });
    start = undefined;
    depth = 0;
  }
  return start === undefined ? found : [...found, { start, end: text.length }];
}

/** Replaces a text by another; the same text says that there is nothing to replace. */
export type Replace = (text: string) => string;

/** When a record was made: other tools order records by it, and it is nobody's secret. */
const TIMES = ['time', '@timestamp'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
const NUMBER = /-?\d[\d.eE+-]*/y;

/**
 * The line with its texts and numbers replaced, but for names and for what stands below `kubernetes` and for a time in
 * `time` or `@timestamp`, both at the top; `line` must be a JSON object. What is not replaced keeps its bytes: a number too large for JavaScript, the order and the
 * repetition of names. A number that is replaced becomes a text.
 */
export function replaceTexts(line: string, replace: Replace): string {
  let result = '';
  let copied = 0;
  /** For each object or array around, whether it is an object. */
  const around: boolean[] = [];
  let name = false;
  /** The name at the top whose value comes. */
  let topName = '';
  /** How deep what is left alone stands; 0 if nothing is. */
  let spared = 0;
  for (let i = 0; i < line.length;) {
    const code = line.charCodeAt(i);
    let end = i + 1;
    if (code === 123 || code === 91) {
      around.push(code === 123);
      name = code === 123;
    } else if (code === 125 || code === 93) {
      around.pop();
      name = false;
      if (around.length < spared) spared = 0;
    } else if (code === 44) {
      name = around[around.length - 1] as boolean;
      if (around.length === 1) spared = 0;
    } else if (code === 34 || code === 45 || (code >= 48 && code <= 57)) {
      end = code === 34 ? textEnd(line, i) : numberEnd(line, i);
      if (name) {
        name = false;
        if (around.length === 1) topName = textAt(line, i, end);
        if (around.length === 1 && topName === 'kubernetes') spared = 1;
      } else if (spared === 0) {
        const text = code === 34 ? textAt(line, i, end) : line.slice(i, end);
        const isTime = around.length === 1 && TIMES.includes(topName) && TIME.test(text);
        const other = isTime ? text : replace(text);
        if (other !== text) {
          result += line.slice(copied, i) + JSON.stringify(other);
          copied = end;
        }
      }
    }
    i = end;
  }
  return copied === 0 ? line : result + line.slice(copied);
}

function textEnd(line: string, from: number): number {
  for (let end = line.indexOf('"', from + 1); ; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (line.charCodeAt(end - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

function numberEnd(line: string, from: number): number {
  NUMBER.lastIndex = from;
  NUMBER.test(line);
  return NUMBER.lastIndex;
}

function textAt(line: string, from: number, end: number): string {
  const text = line.slice(from + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(line.slice(from, end)) as string) : text;
}

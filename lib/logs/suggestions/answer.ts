/** How the requests a message tells of ended, by their status. */
export interface Answer {
  /** What stands before the status, such as `"status":`. */
  readonly before: string;
  /** Whether none of them failed. */
  readonly isGood: boolean;
}

/** The end of a request in quotes, or a name. */
const BEFORE = '("[ \\t]|(?:[Ss]tatus|[Rr]esponse)(?:_?[Cc]ode)?"?[=:] ?"?)';
const STATUS = new RegExp(`${BEFORE}[1-5]\\d\\d\\b`);
const FAILED = new RegExp(`${BEFORE}5\\d\\d\\b`);
/** To a probe it is as bad to be refused. */
const REFUSED = new RegExp(`${BEFORE}[45]\\d\\d\\b`);

/** How the requests a message tells of ended; undefined if it tells of none. */
export function answerIn(message: string, isProbe: boolean): Answer | undefined {
  const [, before] = STATUS.exec(message) ?? [];
  return before === undefined ? undefined : { before, isGood: !(isProbe ? REFUSED : FAILED).test(message) };
}

/** How grave a record is. What applications write instead (`warning`, `ERR`, `crit`, pino's 50) is understood in records. */
export type Level = 'trace' | 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'fatal';

/** One word, or several of which one must fit; `*` stands for any text, `?` for one character. */
export type Glob = string | readonly string[];

/** What a text must look like; everything given must hold. */
export interface TextMatch {
  /**
   * A text that must occur, or several of which one must.
   *
   * @default - any
   */
  readonly contains?: string | readonly string[];
  /**
   * An RE2 regular expression that must be found somewhere in the text; no look-around, no back-references.
   *
   * @default - any
   */
  readonly regex?: string;
  /**
   * Upper and lower case are the same, for `contains` and `regex`.
   *
   * @default false
   */
  readonly ignoreCase?: boolean;
}

/** A value a field may have. */
export type Scalar = string | number | boolean | null;

/** What a field must hold; everything given must hold, so `min` and `max` make a range. */
export interface FieldMatch extends TextMatch {
  /**
   * The value, or several of which one must be it; a number and its text are the same.
   *
   * @default - any
   */
  readonly equals?: Scalar | readonly Scalar[];
  /**
   * Whether the field is there at all; `null` counts as there.
   *
   * @default true
   */
  readonly exists?: boolean;
  /**
   * The least a number may be; texts that are numbers count.
   *
   * @default - any
   */
  readonly min?: number;
  /**
   * The most a number may be; texts that are numbers count.
   *
   * @default - any
   */
  readonly max?: number;
}

/** Which records: everything given must hold. */
export interface Match {
  /**
   * The namespace of the pod.
   *
   * @default - any
   */
  readonly namespace?: Glob;
  /**
   * The name of the pod, such as `checkout-*`.
   *
   * @default - any
   */
  readonly pod?: Glob;
  /**
   * The name of the container.
   *
   * @default - any
   */
  readonly container?: Glob;
  /**
   * Labels of the pod by name; a pod that lacks one does not fit.
   *
   * @default - any
   */
  readonly labels?: Readonly<Record<string, Glob>>;
  /**
   * One of these levels. A record that says no level fits none.
   *
   * @default - any
   */
  readonly level?: Level | readonly Level[];
  /**
   * This level or a graver one.
   *
   * @default - any
   */
  readonly minLevel?: Level;
  /**
   * This level or a lighter one.
   *
   * @default - any
   */
  readonly maxLevel?: Level;
  /**
   * The message: `log`, `message` or `msg` of the record, whichever comes first in this order.
   *
   * @default - any
   */
  readonly message?: TextMatch;
  /**
   * Any field by its path: names joined by dots (`http.status`), or a JSON Pointer (`/kubernetes/labels/a.b~1c`).
   *
   * A path goes on into a text that is itself a JSON object, so `log.status` finds what an application logged as JSON.
   *
   * @default - any
   */
  readonly fields?: Readonly<Record<string, FieldMatch>>;
  /**
   * What must not fit.
   *
   * @default - nothing
   */
  readonly not?: Match;
}

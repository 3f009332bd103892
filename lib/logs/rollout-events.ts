/** One thing AppConfig wrote down about a rollout. */
export interface RolloutEvent {
  /** What happened, in the words of AppConfig. */
  readonly kind: string;
  /** Who made it happen, in the words of AppConfig. */
  readonly by: string;
  /** Its description. */
  readonly text: string;
  /** When it happened. */
  readonly at: Date | undefined;
}

/** Who took a rollout back. */
export interface TakenBack {
  /** What kind of somebody. */
  readonly by: 'alarm' | 'person' | 'AppConfig';
  /** The name of the alarm, if AppConfig said it. */
  readonly alarm: string | undefined;
}

/** Who took a rollout back, by its events, newest first; undefined if they do not say it. */
export function takenBackBy(events: readonly RolloutEvent[]): TakenBack | undefined {
  const began =
    events.find(({ kind }) => kind === 'ROLLBACK_STARTED') ??
    events.find(({ kind }) => kind === 'ROLLBACK_COMPLETED' || kind === 'REVERT_COMPLETED');
  if (began === undefined) return undefined;
  if (began.by === 'USER') return { by: 'person', alarm: undefined };
  if (began.by !== 'CLOUDWATCH_ALARM') return { by: 'AppConfig', alarm: undefined };
  return { by: 'alarm', alarm: alarmName(began.text) };
}

/** The name of the alarm whose ARN stands in a text; it may end a sentence. */
export function alarmName(text: string): string | undefined {
  return /:alarm:(\S+)/.exec(text)?.[1]?.replace(/[.,;:)\]'"]+$/, '');
}

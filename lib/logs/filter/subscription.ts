import type { Verdict } from '../rules/engine';
import { isObject } from '../rules/record';
import { jsonObject } from '../rules/record-reader';

/** How far into a record its envelope shows, in bytes. */
const NEAR = 4_096;

/** What a subscription of CloudWatch Logs sends. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
export interface Subscription {
  /** `CONTROL_MESSAGE` only says that the stream can be reached. */
  readonly messageType: string;
  /** Log events. */
  readonly logEvents: readonly unknown[];
}

/** Whether a record may hold envelopes of a subscription; spares others the question for each line. */
export function mayBeSubscription(bytes: Buffer): boolean {
  const near = bytes.toString('latin1', 0, NEAR);
  return near.includes('"messageType"') && (near.includes('"logEvents"') || near.includes('CONTROL_MESSAGE'));
}

/** Whether a line begins as CloudWatch Logs writes an envelope, wherever in a record it stands. */
export function beginsSubscription(line: string): boolean {
  return line.charCodeAt(2) === 109 && line.startsWith('{"messageType":');
}

/** The envelope a line is; undefined if it is none. */
export function subscriptionIn(line: string): Subscription | undefined {
  const envelope = jsonObject(line);
  const known = envelope?.messageType === 'DATA_MESSAGE' || envelope?.messageType === 'CONTROL_MESSAGE';
  return known && Array.isArray(envelope.logEvents) && isShallow(envelope, DEPTH)
    ? (envelope as unknown as Subscription)
    : undefined;
}

/** The envelope, its events, an event, its extracted fields: nothing is nested further, and it is written anew. */
const DEPTH = 4;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}

/** What becomes of an envelope. */
export interface DecidedSubscription {
  /** With the events for the archive, the same line if these are all; undefined if there are none. */
  readonly archive: string | undefined;
  /** With the events for the hot copy alone; undefined if there are none. */
  readonly hot: string | undefined;
}

/** Decides about the events of an envelope, one by one. */
export function decideSubscription(
  line: string,
  subscription: Subscription,
  decide: (message: string, fields: Readonly<Record<string, unknown>>) => Verdict,
): DecidedSubscription {
  if (subscription.messageType === 'CONTROL_MESSAGE') return { archive: undefined, hot: undefined };
  const { logEvents, ...envelope } = subscription;
  const [archive, hot]: [unknown[], unknown[]] = [[], []];
  let changed = false;
  for (const event of logEvents) {
    if (!isObject(event) || typeof event.message !== 'string') {
      archive.push(event);
      continue;
    }
    const verdict = decide(event.message, { ...envelope, id: event.id, timestamp: event.timestamp });
    const same = verdict.line === event.message;
    const archived = verdict.to.includes('archive');
    changed ||= !same || !archived;
    if (verdict.keep) (archived ? archive : hot).push(same ? event : { ...event, message: verdict.line });
  }
  if (!changed) return { archive: line, hot: undefined };
  const withEvents = (events: readonly unknown[]): string | undefined =>
    events.length === 0 ? undefined : JSON.stringify({ ...envelope, logEvents: events });
  return { archive: withEvents(archive), hot: withEvents(hot) };
}

/**
 * An envelope as several that share its events, in their order, none larger than `most` bytes unless by a single event;
 * undefined if the line is none.
 */
export function eventsApart(line: string, most: number): readonly string[] | undefined {
  const subscription = subscriptionIn(line);
  if (subscription === undefined) return undefined;
  const { logEvents, ...envelope } = subscription;
  const apart = (events: readonly unknown[]): readonly string[] => {
    const text = JSON.stringify({ ...envelope, logEvents: events });
    if (events.length < 2 || Buffer.byteLength(text) <= most) return [text];
    const half = events.length >> 1;
    return [...apart(events.slice(0, half)), ...apart(events.slice(half))];
  };
  return apart(logEvents);
}

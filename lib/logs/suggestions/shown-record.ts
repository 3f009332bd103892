import { compileRules, decide, type RuleEngine } from '../rules/engine';
import { rankOfField } from '../rules/level';
import type { LogRules } from '../rules/log-rule';
import { isObject } from '../rules/record';
import { jsonObject } from '../rules/record-reader';
import { withoutSecrets } from '../secrets';
import type { LineKind } from './line-group';

type Fields = Readonly<Record<string, unknown>>;

/** How much of an object is worth showing: members, and objects in objects. */
const MEMBERS_AT_MOST = 32;
const DEPTH_AT_MOST = 4;
const MESSAGE_NAMES = ['log', 'message', 'msg'];
/** Addresses are somebody's; this one is nobody's. @see RFC 5737 */
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const NOBODY = '192.0.2.1';

/** Records of a sample as they may be shown and stored: without what redactions take out and what looks like a secret. */
export class ShownRecords {
  private readonly redactions: RuleEngine;

  constructor(
    { version, rules }: LogRules,
    private readonly arrival: number,
  ) {
    this.redactions = compileRules({
      version,
      neverDrop: {},
      rules: rules.filter(({ action }) => action === 'redact'),
    });
  }

  /** What rules look at in a line: where it comes from, its level, and what it says. */
  short(line: string, { said }: Pick<LineKind, 'said'>): Fields {
    const record = this.redacted(line);
    const name = messageName(record);
    const [holder = ''] = said.path;
    const processed = isObject(record.log_processed) ? levels(record.log_processed) : {};
    return {
      ...(name === undefined ? members(record, said.names.split(',')) : { [name]: messageShown(name, record[name]) }),
      ...(holder === name ? {} : members(record, [holder])),
      ...levels(record),
      ...(Object.keys(processed).length === 0 ? {} : { log_processed: processed }),
      ...podShown(record, ['namespace_name', 'container_name']),
    };
  }

  /** All of a line that may matter to any rule. */
  long(line: string): Fields {
    const record = this.redacted(line);
    const name = messageName(record);
    const { kubernetes: _, ...others } = record;
    return {
      ...Object.fromEntries(Object.entries(others).map(([each, value]) => [each, shown(each, value)])),
      ...(name === undefined ? {} : { [name]: messageShown(name, record[name]) }),
      ...podShown(record, ['namespace_name', 'pod_name', 'container_name', 'labels']),
    };
  }

  private redacted(line: string): Fields {
    return jsonObject(decide(this.redactions, line, this.arrival).line.trimStart()) ?? {};
  }
}

/** Where rules look for the message. */
function messageName(record: Fields): string | undefined {
  return MESSAGE_NAMES.find((each) => Object.hasOwn(record, each) && record[each] !== null);
}

/** A message, also one that is itself JSON, is masked in its texts and not across them. */
function messageShown(name: string, message: unknown): unknown {
  const object = typeof message === 'string' ? jsonObject(message) : undefined;
  return object === undefined ? shown(name, message) : JSON.stringify(shown(name, object));
}

/** A value without secrets; what it is called may say that it is one. */
function shown(name: string, value: unknown, depth = 0): unknown {
  if (typeof value === 'object' && value !== null) {
    if (depth >= DEPTH_AT_MOST) return '…';
    if (Array.isArray(value)) return value.slice(0, MEMBERS_AT_MOST).map((each) => shown(name, each, depth + 1));
    return members(value as Fields, Object.keys(value).slice(0, MEMBERS_AT_MOST), depth + 1);
  }
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = withoutSecrets(`${name}=${value}`);
  const without = text.startsWith(`${name}=`) ? text.slice(name.length + 1).replace(ADDRESS, NOBODY) : '***';
  return without === String(value) ? value : without;
}

function members(object: Fields, names: readonly string[], depth = 0): Fields {
  const entries = Object.entries(some(object, names));
  return Object.fromEntries(entries.map(([name, value]) => [name, shown(name, value, depth)]));
}

/** The members that say a level. */
function levels(object: Fields): Fields {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => rankOfField(name, value) > 0));
}

function some(object: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]]));
}

function podShown({ kubernetes }: Fields, names: readonly string[]): Fields {
  const pod = isObject(kubernetes) ? some(kubernetes, names) : {};
  return Object.keys(pod).length === 0 ? {} : { kubernetes: pod };
}

/** The handler one writes first: parse each line, ask one rule after the other, each with its RegExp, encode all again. */
import type { LogRule } from '../../lib/logs/rules/log-rule';

const LEVELS = ['trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal'];

interface Simple {
  readonly rule: LogRule;
  readonly namespace: RegExp | undefined;
  readonly texts: readonly RegExp[];
}

export function straightforward(rules: readonly LogRule[]): (data: string) => string {
  const all = rules.map((rule): Simple => {
    const { contains = [], regex, ignoreCase } = rule.match?.message ?? {};
    const flags = ignoreCase === true ? 'i' : '';
    const words = [contains].flat().map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return {
      rule,
      namespace:
        rule.match?.namespace === undefined ? undefined : new RegExp(`^${[rule.match.namespace].flat().join('|')}$`),
      texts: [
        ...(words.length > 0 ? [new RegExp(words.join('|'), flags)] : []),
        ...(regex === undefined ? [] : [new RegExp(regex, flags)]),
      ],
    };
  });
  const redactions = rules.flatMap(({ redact = [] }) =>
    redact.map(({ pattern, replace }) => ({ pattern: new RegExp(pattern.replace('(?i)', ''), 'gi'), replace })),
  );
  return (data) => {
    const kept: string[] = [];
    for (const line of Buffer.from(data, 'base64').toString().split('\n')) {
      if (line === '') continue;
      const record = JSON.parse(line) as {
        log: string;
        http?: { route?: string };
        kubernetes: { namespace_name: string };
      };
      const level = LEVELS.indexOf(
        /\b(trace|debug|info|notice|warn|error|fatal)\b/i.exec(record.log)?.[1]?.toLowerCase() ?? '',
      );
      const decided = all.find(
        ({ rule, namespace, texts }) =>
          rule.action !== 'redact' &&
          (namespace?.test(record.kubernetes.namespace_name) ?? true) &&
          (rule.match?.maxLevel === undefined || level <= LEVELS.indexOf(rule.match.maxLevel)) &&
          (rule.match?.fields === undefined || record.http?.route === 'x') &&
          texts.every((text) => text.test(record.log)),
      );
      if (decided?.rule.action === 'drop' || decided?.rule.action === 'sample') continue;
      for (const { pattern, replace } of redactions) record.log = record.log.replace(pattern, replace);
      kept.push(JSON.stringify(record));
    }
    return Buffer.from(`${kept.join('\n')}\n`).toString('base64');
  };
}

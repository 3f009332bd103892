import { Document, isScalar, visit } from 'yaml';
import { dropped, patternText, workloadOf } from '../../lib/logs/suggestions/suggested-rule';
import { placeOf, type RuleProposal, type Suggestion } from '../../lib/logs/suggestions/suggestions';
import { bytes, count, dollars, percent } from './figures';
import { usdBy, type MoneyOptions } from './money';
import type { Found } from './suggest';
import { nothing, othersText } from './suggest-text';

/** Characters of the values that stand on one line. */
const FLOW_AT_MOST = 60;

/** Only the rules, as they stand in a rule file below `rules:`. */
export function suggestionYaml(found: Found, options: MoneyOptions): string {
  const { mined, suggested, file, sample } = found;
  const proposals = suggested.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal]));
  if (proposals.length === 0)
    return `  # ${suggested.length === 0 ? nothing(mined.kept.records) : 'There is no rule to suggest.'}`;
  const next = mined.rules.rules[placeOf(mined.rules, proposals)];
  const place =
    next === undefined
      ? `for the end of \`rules\` in ${file}`
      : `for ${file}, before rule "${next.id}": behind it, some of them would do nothing`;
  const head = `  # Suggested by \`hajime logs suggest\` from ${sample.from}, ${place}.`;
  return [
    head,
    '  # They only count. Look at `hajime logs test --sample`, then take `dryRun` out.',
    ...suggested.flatMap((each) =>
      each.proposal === undefined ? [] : [ruleYaml(each, each.proposal, found, options)],
    ),
  ].join('\n');
}

function ruleYaml(
  { pattern, template }: Suggestion,
  proposal: RuleProposal,
  { mined }: Found,
  options: MoneyOptions,
): string {
  const { volume, kind } = pattern;
  const saved = volume.bytes * dropped(proposal.rule);
  const usd = usdBy(mined, options);
  const day = options.gbPerDay === undefined ? '' : ' a day';
  const cold = kind.to.includes('cloudwatch') ? '' : ', where it is not sent now';
  const money = usd === undefined ? '' : `, ${dollars(usd(saved))}${day} in CloudWatch Logs${cold}`;
  const document = new Document([proposal.rule], { aliasDuplicateObjects: false });
  // small maps on one line, as prettier leaves them
  visit(document, {
    Map: (_, map) => {
      const values = map.items.map(({ value }) => (isScalar(value) ? String(value.value) : undefined));
      map.flow = values.every((value) => value !== undefined) && values.join().length < FLOW_AT_MOST;
    },
  });
  const comments = [
    `${workloadOf(kind)}: ${patternText(template)}`,
    `${count(volume.records)} records, ${bytes(volume.bytes)}, ${percent(volume.bytes, mined.kept.bytes)} of what is kept${othersText(proposal)}`,
    `saves ${bytes(saved)}${money}`,
    ...(proposal.before === undefined ? [] : [`before rule "${proposal.before}", which keeps them`]),
  ];
  const yaml = document.toString({ lineWidth: 0, singleQuote: true }).trimEnd();
  return ['', ...comments.map((comment) => `# ${comment}`), ...yaml.split('\n')]
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}

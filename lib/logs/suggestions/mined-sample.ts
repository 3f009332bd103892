import { RuleEngine, type Verdict } from '../rules/engine';
import type { LogRule, LogRules } from '../rules/log-rule';
import type { LogRecord } from '../rules/record';
import { copied } from '../rules/record-reader';
import { count, volume, type Volume } from '../sample-tally';
import { answerIn } from './answer';
import { EXAMPLE_AT_MOST, type LineGroup } from './line-group';
import { patternsOf, type LinePattern } from './line-pattern';
import { probeIn } from './probe';
import { saidIn } from './said';
import { TemplateTree, type TreeLimits } from './template-tree';

/** Lines held of groups that were given up, to measure rules by. */
const UNGROUPED_EXAMPLES = 200;
/** What Kubernetes lets things be called. */
const NAME = /^[\w.-]{0,253}$/;

/** Kept lines that are in no group. */
export interface Ungrouped extends Volume {
  /** Some of them, as they came. */
  readonly examples: readonly string[];
}

/** What the present rules keep of a sample, by templates. Its size does not grow with the sample. */
export class MinedSample {
  /** What came. */
  readonly came = volume();
  /** What was kept. */
  readonly kept = volume();
  /** What went to CloudWatch Logs. */
  readonly hot = volume();
  /** What was kept because it is no record: no rule decides about it. */
  readonly unparsed = volume();
  /** What is kept and in no group: too rare or too varied to be followed to the end. */
  readonly ungrouped: Volume & { readonly examples: string[] } = { ...volume(), examples: [] };
  private readonly deciding: readonly LogRule[];
  private readonly engine: RuleEngine;
  private readonly tree: TemplateTree;
  private readonly would: LogRule[] = [];
  private given = 0;
  private seed = 1;

  constructor(
    /** The present rules. */
    readonly rules: LogRules,
    private readonly arrival: number,
    limits: Partial<TreeLimits> = {},
  ) {
    // redactions decide nothing, and what comes out of them is not looked at
    this.deciding = rules.rules.filter(({ action }) => action !== 'redact');
    this.engine = new RuleEngine({ ...rules, rules: this.deciding });
    this.tree = new TemplateTree((group) => this.giveUp(group), limits);
  }

  /** Adds one line; the group it joins, if it is kept and joins one. */
  add(line: string): LineGroup | undefined {
    const bytes = Buffer.byteLength(line);
    count(this.came, bytes);
    const record = this.engine.read(line);
    if (record === undefined) {
      for (const to of [this.kept, this.unparsed]) count(to, bytes);
      return undefined;
    }
    this.would.length = 0;
    const verdict = this.engine.decideRecord(record, true, this.arrival, (index, did) => {
      const rule = this.deciding[index];
      if (did === 'would' && rule !== undefined && rule.action !== 'keep') this.would.push(rule);
    });
    if (verdict.to.includes('cloudwatch')) count(this.hot, bytes);
    if (!verdict.keep) return undefined;
    count(this.kept, bytes);
    const group = this.groupOf(record, verdict);
    if (group === undefined) this.leaveOut(line, { records: 1, bytes });
    else group.add(line, bytes, this.came.records, this.would);
    return group;
  }

  /** The patterns of what is kept, the largest first. */
  patterns(): LinePattern[] {
    return patternsOf(this.tree.all());
  }

  private groupOf(record: LogRecord, { rule, to }: Verdict): LineGroup | undefined {
    const { namespace, container } = record.pod;
    if (!NAME.test(namespace) || !NAME.test(container)) return undefined;
    const { rank, message } = record;
    const guarded = this.engine.isGuarded(record);
    const probe = probeIn(message);
    const answer = answerIn(message, probe !== undefined);
    const { text, ...said } = saidIn(record);
    const words = `${rank}\n${guarded}\n${rule}\n${answer?.before}${answer?.isGood}\n${probe?.text}\n${said.form}\n${said.path.join('.')}\n${said.names}`;
    return this.tree.find(
      `${namespace}\n${container}\n${words}`,
      () => ({ namespace, container, rank, guarded, keeper: this.deciding[rule], to, answer, probe, said }),
      text,
    );
  }

  private giveUp({ volume: lines, examples: [example] }: LineGroup): void {
    this.leaveOut(example, lines);
  }

  /** Counts lines out, and keeps some of them, each as likely as the others and the same ones every time. */
  private leaveOut(example: string | undefined, { records, bytes }: Volume): void {
    this.ungrouped.records += records;
    this.ungrouped.bytes += bytes;
    if (example === undefined || example.length > EXAMPLE_AT_MOST) return;
    const { examples } = this.ungrouped;
    this.given++;
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) | 0;
    const at = Math.floor(((this.seed >>> 0) / 2 ** 32) * this.given);
    if (examples.length < UNGROUPED_EXAMPLES) examples.push(copied(example));
    else if (at < UNGROUPED_EXAMPLES) examples[at] = copied(example);
  }
}

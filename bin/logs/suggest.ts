import type { LogRules } from '../../lib/logs/rules/log-rule';
import { LEVELS } from '../../lib/logs/rules/level';
import { MinedSample } from '../../lib/logs/suggestions/mined-sample';
import { patternText } from '../../lib/logs/suggestions/suggested-rule';
import { suggestions, type Suggestion } from '../../lib/logs/suggestions/suggestions';
import { counted } from './figures';
import { LateProgress } from './late-progress';
import { usdBy, type MoneyOptions } from './money';
import { recordsOf, type Sample } from './sample-source';
import { suggestionText } from './suggest-text';
import { suggestionYaml } from './suggest-yaml';
import { say } from '../use';

/** How suggestions are shown. */
export interface SuggestOptions extends MoneyOptions {
  /** How many patterns. */
  readonly top: number;
  /** Records to stop after. */
  readonly limit?: number;
  /** Only the rules. */
  readonly yaml?: true;
  /** For machines. */
  readonly json?: true;
}

/** What was found in a sample. */
export interface Found {
  /** The rule file, as a user would write it. */
  readonly file: string;
  /** The sample. */
  readonly sample: Sample;
  /** What is in it. */
  readonly mined: MinedSample;
  /** The largest patterns, and what to do about them. */
  readonly suggested: readonly Suggestion[];
}

/** Shows what is noisiest of what the rules keep of a sample, and rules for it. */
export async function showSuggestions(
  { file, rules }: { readonly file: string; readonly rules: LogRules },
  sample: Sample,
  options: SuggestOptions,
): Promise<void> {
  const arrival = Date.now();
  const mined = await minedFrom(sample, new MinedSample(rules, arrival), options.limit);
  const found: Found = {
    file,
    sample,
    mined,
    suggested: suggestions(mined, options.top, arrival),
  };
  if (options.json === true) say(JSON.stringify(machine(found, options), null, 2));
  else say(options.yaml === true ? suggestionYaml(found, options) : suggestionText(found, options));
}

async function minedFrom(sample: Sample, mined: MinedSample, limit: number | undefined): Promise<MinedSample> {
  const progress = new LateProgress('Looking for patterns');
  try {
    for await (const lines of recordsOf(sample, limit)) {
      for (const line of lines) mined.add(line);
      progress.note(counted(mined.came.records, 'record'));
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error;
  }
  return mined;
}

function machine({ sample, mined, suggested }: Found, options: MoneyOptions): object {
  const { came, kept, hot, unparsed, ungrouped } = mined;
  const usdOfSample = usdBy(mined, { region: options.region });
  const usdOfDay = options.gbPerDay === undefined ? undefined : usdBy(mined, options);
  const patterns = suggested.map(({ pattern: { kind, volume }, template, proposal, why }) => ({
    namespace: kind.namespace,
    container: kind.container,
    pattern: patternText(template),
    level: LEVELS[kind.rank - 1],
    ...volume,
    share: volume.bytes / kept.bytes,
    cloudWatch: { sample: usdOfSample?.(volume.bytes), perDay: usdOfDay?.(volume.bytes) },
    to: kind.to,
    keptBy: kind.keeper?.id,
    guarded: kind.guarded,
    proposal,
    why,
  }));
  const { records, bytes } = ungrouped;
  return {
    sample: sample.from,
    keptOnly: sample.keptOnly ?? false,
    came,
    kept,
    hot,
    unparsed,
    ungrouped: { records, bytes },
    patterns,
  };
}

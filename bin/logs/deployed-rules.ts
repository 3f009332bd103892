import type * as appConfigSdk from '@aws-sdk/client-appconfig';
import type * as cloudWatchSdk from '@aws-sdk/client-cloudwatch';
import { liveVersion, rolloutUnderWay } from '../../lib/logs/rule-history';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseStoredRules } from '../../lib/logs/rules/stored-rules';
import type * as watch from '../../lib/logs/watch';
import { problemList } from '../../lib/validate';
import { Failure } from '../../sandbox/failure';
import { output, type Deployed } from './aws';
import { stateInWords } from './rollout';
import { AppConfigRules, type RulesPlace, type RuleStore } from './rule-store';

/** The store of a platform's rules. */
export function storeOf(place: Deployed): RuleStore {
  const appConfig = require('@aws-sdk/client-appconfig') as typeof appConfigSdk;
  return new AppConfigRules(appConfig, new appConfig.AppConfigClient(place.settings), rulesPlace(place), place);
}

/** The rules that are live; none before the first push. */
export async function liveRules(place: Deployed): Promise<{ name: string; rules: LogRules }> {
  const store = storeOf(place);
  const rollouts = await store.rollouts();
  const [version, coming] = [liveVersion(rollouts), rolloutUnderWay(rollouts)];
  const meanwhile = coming === undefined ? '' : ` (while version ${coming.version} ${stateInWords(coming)})`;
  if (version === undefined) return { name: `no rules${meanwhile}`, rules: { version: 1, rules: [] } };
  return { name: `version ${version}${meanwhile}`, rules: await storedRules(place.platform, store, version) };
}

/** The rules of one version. */
export async function storedRules(platform: string, store: RuleStore, version: number): Promise<LogRules> {
  const stored = await store.read(version);
  if (stored === undefined)
    throw new Failure(`There is no version ${version} of the rules of ${platform} in AppConfig.`);
  const parsed = parseStoredRules(stored.text);
  if (parsed.problems !== undefined)
    throw new Failure(problemList(`version ${version} of the rules of ${platform}`, parsed.problems));
  return parsed.rules;
}

/** The rules that match nothing, as the daily look of the stack finds them. */
export async function idleOf(place: Deployed): Promise<readonly string[]> {
  const { idleRules } = require('../../lib/logs/watch') as typeof watch;
  const { AppConfigClient } = require('@aws-sdk/client-appconfig') as typeof appConfigSdk;
  const { CloudWatchClient } = require('@aws-sdk/client-cloudwatch') as typeof cloudWatchSdk;
  const event = { ...rulesPlace(place), stream: output(place, 'stream') };
  return idleRules(event, new Date(), new AppConfigClient(place.settings), new CloudWatchClient(place.settings));
}

function rulesPlace(place: Deployed): RulesPlace {
  return {
    application: output(place, 'application'),
    environment: output(place, 'environment'),
    profile: output(place, 'profile'),
  };
}

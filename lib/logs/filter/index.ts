import { randomUUID } from 'node:crypto';
import { FILTER_VARIABLES } from '../deployed';
import { appConfigSource, firehoseClient, logStream, putRecordBatch } from './aws';
import { REAL_TIME } from './backoff';
import { filterHandler } from './handler';
import { hotCopy } from './hot-copy';
import { EmfMeter } from './meter';
import type { FilterParts } from './parts';
import { reingestion } from './reingestion';
import { RulePolling } from './rule-feed';
import { unparsedSink } from './unparsed-sink';

/** Seconds between two looks at the rules, unless the stack says otherwise. */
const POLL_SECONDS = 15;

/** The Lambda entry point: what one execution environment works with is made once. */
// eslint-disable-next-line no-restricted-syntax -- runs in Lambda, where the stack says through it what is where
export const handler = filterHandler(partsOf(process.env));

function partsOf(environment: NodeJS.ProcessEnv): FilterParts {
  const given = (variable: keyof typeof FILTER_VARIABLES): string | undefined => {
    const value = environment[FILTER_VARIABLES[variable]];
    return value === '' ? undefined : value;
  };
  const needed = (variable: keyof typeof FILTER_VARIABLES): string => {
    const value = given(variable);
    if (value === undefined) throw new Error(`the variable ${FILTER_VARIABLES[variable]} is missing`);
    return value;
  };
  const stream = needed('stream');
  const unparsed = given('unparsedStream');
  const group = given('hotGroup');
  const pollSeconds = Number(given('pollSeconds') ?? POLL_SECONDS);
  const at = { application: needed('application'), environment: needed('environment'), profile: needed('profile') };
  const firehose = firehoseClient();
  const print = (line: string): void => console.log(line);
  const tell: FilterParts['tell'] = (event) => print(JSON.stringify(event));
  return {
    rules: new RulePolling({
      source: appConfigSource(at, pollSeconds),
      pollSeconds,
      tell,
    }),
    hot: group === undefined ? undefined : hotCopy(logStream(group, streamOfEnvironment()), REAL_TIME),
    reingestion: reingestion(putRecordBatch(firehose, stream), REAL_TIME),
    unparsed: unparsed === undefined ? undefined : unparsedSink(putRecordBatch(firehose, unparsed), REAL_TIME),
    meter: new EmfMeter(stream, print),
    tell,
    clock: REAL_TIME.clock,
  };
}

/** The hot copy of one environment, by the day it began. */
function streamOfEnvironment(): string {
  return `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}`;
}

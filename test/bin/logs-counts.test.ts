import { countsOf, readCounts } from '../../bin/logs/counts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 25, 12, minute));
/** The metrics are asked for in this order: m0 is InRecords, m8 RulesStale, m9 RulesMissing. */
const result = (
  Id: string,
  ...points: readonly (readonly [number, number])[]
): Parameters<typeof readCounts>[0][number] => ({
  Id,
  Timestamps: points.map(([minute]) => at(minute)),
  Values: points.map(([, value]) => value),
});

test('what is counted is added up, what is so or not is as it was last', () => {
  const counts = readCounts(
    [result('m0', [3, 5], [1, 2]), result('m8', [1, 1], [3, 0]), result('m9', [3, 1], [1, 0])],
    undefined,
  );
  expect(counts).toMatchObject({ InRecords: 7, RulesStale: 0, RulesMissing: 1, Failed: 0 });
});

test('that rules were missing before they were pushed, and until they were taken up, is no fault', () => {
  const missing = [result('m9', [1, 1], [2, 1])];
  expect(readCounts(missing, at(2))).toMatchObject({ RulesMissing: 0 });
  expect(readCounts(missing, at(1))).toMatchObject({ RulesMissing: 1 });
});

test('metrics of a place that does not answer are an error, not a wait', async () => {
  const settings = {
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  await expect(countsOf('dev', settings, new Date(), undefined)).rejects.toThrow(
    /^AWS does not answer\.\n {2}.*ECONNREFUSED/,
  );
});

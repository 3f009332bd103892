/** Measures one set of rules in a process of its own; `bench/logs.ts` bundles it, as the function is, and runs it. */
import { filterHandler } from '../../lib/logs/filter/handler';
import type { FilterParts, FirehoseEvent } from '../../lib/logs/filter/parts';
import { compileRules } from '../../lib/logs/rules/engine';
import type { LogRule } from '../../lib/logs/rules/log-rule';
import { batchOf, COUNT, lines } from './lines';
import { ROWS, type Contestant, type Measured, type Row, type Times } from './rows';
import { straightforward } from './straightforward';

const WARM_UP = 20;
const [, , name = '', rounds = '1'] = process.argv;

function handlerOf(rules: readonly LogRule[], event: FirehoseEvent): () => Promise<unknown> {
  const engine = compileRules({ version: 1, rules });
  const nothing = (): void => undefined;
  const parts: FilterParts = {
    rules: { current: () => Promise.resolve({ engine, stale: false, missing: false }) },
    reingestion: { put: (records) => Promise.resolve(records.map(() => true)) },
    meter: { count: nothing, rule: nothing, rules: nothing, flush: nothing },
    tell: nothing,
    clock: () => Date.UTC(2026, 0, 1),
  };
  const handler = filterHandler(parts);
  return () => handler(event, { getRemainingTimeInMillis: () => 60_000 });
}

/** Measures one row, in this process. */
async function measured({ rules, fill, beside = false }: Row): Promise<Times> {
  const all = lines(COUNT, fill);
  const event = batchOf(all);
  const simple = straightforward(rules);
  const contestants: (readonly [Contestant, () => unknown])[] = [
    ['JSON.parse', () => all.reduce((sum, line) => sum + (JSON.parse(line) as { log: string }).log.length, 0)],
    ['ours', handlerOf(rules, event)],
    ...(beside ? ([['straightforward', () => event.records.map(({ data }) => simple(data))]] as const) : []),
  ];
  const times = new Map(contestants.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < WARM_UP + Number(rounds); round++) {
    // who goes first changes, so that none always runs on the warmer machine
    const from = round % contestants.length;
    for (const [name, run] of [...contestants.slice(from), ...contestants.slice(0, from)]) {
      const started = process.hrtime.bigint();
      await run();
      if (round >= WARM_UP) times.get(name)?.push(Number(process.hrtime.bigint() - started) / 1000 / COUNT);
    }
  }
  return Object.fromEntries(times);
}

void measured(ROWS[name] ?? { rules: [] }).then((times) => {
  process.stdout.write(JSON.stringify({ times, mebibytes: process.resourceUsage().maxRSS / 1024 } satisfies Measured));
});

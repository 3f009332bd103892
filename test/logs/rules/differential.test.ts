import fc from 'fast-check';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import { rulesProblems } from '../../../lib/logs/rules/rules-problems';
import { anyLine, anyRules, ARRIVAL } from './arbitrary';
import { referenceDecision, type Expected } from './reference-engine';

/** More by hand: `DIFFERENTIAL_RUNS=20000 npx jest test/logs/rules/differential`. */
const numRuns = Number(process.env.DIFFERENTIAL_RUNS ?? 100);

test('the engine decides as the plainest engine does', () => {
  fc.assert(
    fc.property(anyRules, fc.array(anyLine, { minLength: 1, maxLength: 30 }), (rules, lines) => {
      expect(rulesProblems(rules)).toEqual([]);
      const engine = compileRules(rules);
      // twice, so that what the engine remembers of pods is used
      for (const line of [...lines, ...lines]) {
        const decision = decide(engine, line, ARRIVAL);
        const got: Expected = {
          keep: decision.keep,
          rule: decision.rule?.id,
          to: decision.to,
          line: decision.line,
          unparsed: decision.unparsed !== undefined,
          hits: decision.hits.map((hit) => `${hit.rule.id} ${hit.did}`),
        };
        expect({ came: line, ...got }).toEqual({ came: line, ...referenceDecision(rules, line, ARRIVAL) });
      }
    }),
    { numRuns },
  );
});

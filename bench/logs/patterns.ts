/** Patterns that take others long, on texts that lead them astray: how long the worst takes on 10 kB, search and replace. */
import { Pattern } from '../../lib/logs/rules/pattern/pattern';
import { randomOf } from './lines';

const EVIL: readonly string[] = [
  '(a+)+$',
  '(a|a)*b',
  '([a-z]+)*[0-9]{3}',
  '^(\\w+\\s?)*$',
  'a(.*b)?',
  'a(?:.{0,100}b)?',
  'a.*b.*c.*d',
  '.*error.*timeout.*after .*ms$',
  '(a|b)*a(a|b){20}',
  'x[ab]{250}a',
  '(?:[ab]{100}a|b)z?',
  'x(?:[ab]{61}a|[ab]{62}b|[ab]{63}a|[ab]{60}b)',
  'x(?:[ab]c?){70}a(?:b|a)?',
  '(?:a?){100}a{100}',
  'x(?:\\b|[ab ]){100}a',
  '\\b(?:\\d[ -]*?){13,16}\\b',
  '(?:[a-z0-9.]+)@(?:[a-z0-9-]{1,63}\\.)+[a-z]{2,63}',
];

const LETTERS: readonly string[] = [
  'ab',
  'a',
  'aaaaaaaaaaaaaaaaaab',
  'abcdxyz 0123456789.=@-',
  'ab0123456789 -',
  'ä日a b',
];
const LENGTH = 10_000;
/** A shared machine stops at times; the best of some is what it takes. */
const TRIES = 10;

/** The slowest pattern, in milliseconds, compiled anew so that nothing is remembered of the text. */
export function slowestPattern(): { readonly pattern: string; readonly milliseconds: number } {
  const random = randomOf(2);
  let slowest = { pattern: '', milliseconds: 0 };
  for (const letters of LETTERS) {
    const text = Array.from({ length: LENGTH }, () => letters.charAt(Math.floor(random() * letters.length))).join('');
    for (const pattern of EVIL) {
      for (const use of [
        (compiled: Pattern): unknown => compiled.found(text),
        (compiled: Pattern): unknown => compiled.replace(text, compiled.template('#'), Infinity),
      ]) {
        const times = Array.from({ length: TRIES }, () => {
          const compiled = new Pattern(pattern);
          const started = process.hrtime.bigint();
          use(compiled);
          return Number(process.hrtime.bigint() - started) / 1e6;
        });
        const milliseconds = Math.min(...times);
        if (milliseconds > slowest.milliseconds) slowest = { pattern, milliseconds };
      }
    }
  }
  return slowest;
}

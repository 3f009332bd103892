import type { Glob } from './log-match';
import { listOf, type TextTest } from './text-test';

/** Makes the test of a name. */
export function globTest(glob: Glob): TextTest {
  const globs = listOf(glob);
  const exact = new Set(globs.filter((each) => !/[*?]/.test(each)));
  const wild = globs.filter((each) => /[*?]/.test(each));
  return (name) => exact.has(name) || wild.some((each) => fits(each, name));
}

/** Goes back to the last `*` only: what stood before it fits as well as it ever will. */
function fits(glob: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < name.length;) {
    const letter = glob[at];
    if (letter === '*') {
      star = at++;
      resume = i;
    } else if (letter === '?' || (letter !== undefined && letter === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

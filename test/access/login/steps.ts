import type { LoginStep } from '../../../lib/access/login/login-step';

/** A step as people read it: its mark and line, then each cause, and what else to know. */
export function shown({ step, state, line, causes, remarks }: LoginStep): string[] {
  const mark = { passed: '✓', failed: '✗', skipped: '–' }[state];
  return [
    `${mark} ${step}: ${line}`,
    ...causes.map(({ cause, fix, who }) => `${cause} | ${fix} | ${who}`),
    ...remarks.map((remark) => `(${remark})`),
  ];
}

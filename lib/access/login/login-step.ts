/** The steps of a login, in order. */
export type LoginStepName = 'endpoint' | 'token' | 'STS' | 'mapping' | 'RBAC';

/** What may be the matter, and what to do about it. */
export interface LikelyCause {
  /** What is the matter, as the end of "most likely". */
  readonly cause: string;
  /** What to do. */
  readonly fix: string;
  /** Who can do it. */
  readonly who: string;
}

/** How far one step of a login comes. */
export interface LoginStep {
  /** The step. */
  readonly step: LoginStepName;
  /** Whether it was looked at, and how it went. */
  readonly state: 'passed' | 'failed' | 'skipped';
  /** What was seen, in one line. */
  readonly line: string;
  /** For a step that failed: what may be the matter, the likeliest first. */
  readonly causes: readonly LikelyCause[];
  /** What else to know about it. */
  readonly remarks: readonly string[];
}

/** A step that goes well. */
export function passed(step: LoginStepName, line: string, remarks: readonly string[] = []): LoginStep {
  return { step, state: 'passed', line, causes: [], remarks };
}

/** A step that ends the login. */
export function failed(
  step: LoginStepName,
  line: string,
  causes: readonly LikelyCause[],
  remarks: readonly string[] = [],
): LoginStep {
  return { step, state: 'failed', line, causes, remarks };
}

/** A step that was not looked at. */
export function skipped(step: LoginStepName, line: string): LoginStep {
  return { step, state: 'skipped', line, causes: [], remarks: [] };
}

/** Who can do what is done on the caller's own machine. */
export const YOU = 'you';

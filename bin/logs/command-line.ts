/** Which rules a command is about, and where. */
export interface Target {
  /** The platform. */
  readonly platform: string;
  /** Of the local AWS. */
  readonly sandbox?: true;
}

/** A line to type that works on the same rules in the same place: one for the local AWS never acts on a real account. */
export function commandLine({ platform, sandbox }: Target, command: string, ...words: readonly string[]): string {
  return ['npx hajime logs', command, platform, ...words, ...(sandbox === true ? ['--sandbox'] : [])].join(' ');
}

/** A line to type that deploys the pipeline there, or the whole platform. */
export function deployLine({ platform, sandbox }: Target, what: 'Logs' | '*' = '*'): string {
  return sandbox === true ? `npx hajime sandbox deploy ${platform}` : `npx cdk deploy '${platform}/${what}'`;
}

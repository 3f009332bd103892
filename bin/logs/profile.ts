import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';

const SIGN_IN = 'for the local AWS give --sandbox.';

/** Why there are no credentials, and what to do: a profile that is named is either not there, or not signed in to. */
export function noCredentials(env: NodeJS.ProcessEnv = process.env): string {
  const profile = env.AWS_PROFILE;
  if (profile === undefined || profile === '') return `No AWS credentials: set AWS_PROFILE or sign in; ${SIGN_IN}`;
  const there = profiles(env);
  if (there.includes(profile))
    return `No AWS credentials in the profile ${profile} (AWS_PROFILE): sign in, such as with aws sso login --profile ${profile}; ${SIGN_IN}`;
  const others = there.length === 0 ? 'there are none' : `there are ${there.join(', ')}`;
  return `There is no AWS profile ${profile}, which AWS_PROFILE names; ${others}; ${SIGN_IN}`;
}

/** The profiles of the files that hold them. */
function profiles(env: NodeJS.ProcessEnv): string[] {
  const aws = path.join(homedir(), '.aws');
  const config = sections(env.AWS_CONFIG_FILE ?? path.join(aws, 'config'));
  const credentials = sections(env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(aws, 'credentials'));
  const named = config.flatMap((section) => {
    if (section === 'default') return section;
    return /^profile\s+["']?(.+?)["']?$/.exec(section)?.[1] ?? [];
  });
  return [...new Set([...named, ...credentials])].sort();
}

function sections(file: string): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(/^\s*\[\s*([^\]]+?)\s*\]/gm)].flatMap(([, name]) => name ?? []);
  } catch {
    return []; // none has been made yet
  }
}

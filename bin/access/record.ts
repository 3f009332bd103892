import { existsSync, readFileSync } from 'node:fs';
import { accessRecord } from '../../lib/access/access-record';
import type { AccessRecord } from '../../lib/access/access-grant';
import { renderedAccess } from '../../lib/access/rendered-access';
import type { PlatformConfig } from '../../lib/platform-config';
import { readAwsAuth } from '../../lib/access/migration/aws-auth-file';
import { readEntries } from '../../lib/access/migration/entries-file';
import { onlyInAwsAuth as onlyIn } from '../../lib/access/migration/migration-plan';
import { isPlainObject } from '../../lib/shape';
import { problemList } from '../../lib/validate';
import { Failure, messageOf } from '../../sandbox/failure';
import { writeWhole } from '../refresh';
import { WrongUse } from '../ending';
import { readText } from './migrate';

/** What was read from the cluster. */
export interface ClusterFiles {
  /** Its aws-auth, as kubectl prints it. */
  readonly from?: string;
  /** Its access entries, as the AWS CLI prints them. */
  readonly entries?: string;
}

/** Writes what a platform's access is now that it is deployed. */
export function record(file: string, platform: string, config: PlatformConfig, files: ClusterFiles): string {
  const before = readRecords(file);
  const onlyInAwsAuth = linesWithoutEntry(config, files);
  const { grants } = renderedAccess(config);
  const next = accessRecord({ ...config.access, grants }, onlyInAwsAuth ?? before[platform]?.onlyInAwsAuth);
  const records = Object.entries({ ...before, [platform]: next }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeWhole(file, { [file]: `${JSON.stringify(Object.fromEntries(records), null, 2)}\n` });
  const people = Object.keys(next.principals).length;
  return `${platform}: mode ${next.authenticationMode}, ${people} principal${people === 1 ? '' : 's'}, ${next.administrators.length} administrator${next.administrators.length === 1 ? '' : 's'}: ${file}`;
}

/** Principals that only aws-auth lets in, if both were read. */
function linesWithoutEntry(config: PlatformConfig, { from, entries }: ClusterFiles): string[] | undefined {
  if (from === undefined && entries === undefined) return undefined;
  if (from === undefined || entries === undefined)
    throw new WrongUse('--from and --entries go together: a line is looked for among the entries');
  const awsAuth = readAwsAuth(readText(from));
  const read = readEntries(readText(entries));
  for (const [what, { problems }] of [
    [from, awsAuth],
    [entries, read],
  ] as const)
    if (problems.length > 0) throw new Failure(problemList(what, problems));
  return onlyIn({ config, awsAuth, entries: read.entries });
}

function readRecords(file: string): Record<string, AccessRecord> {
  if (!existsSync(file)) return {};
  try {
    const records: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isPlainObject(records)) return records as Record<string, AccessRecord>;
  } catch (error) {
    throw new Failure(`${file} cannot be read, and is left as it is: ${messageOf(error)}`);
  }
  throw new Failure(`${file} is no map of platforms, and is left as it is: take it from version control again`);
}

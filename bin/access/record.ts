import { existsSync, readFileSync } from 'node:fs';
import { accessRecord } from '../../lib/access/access-record';
import type { AccessRecord } from '../../lib/access/access-grant';
import { renderedAccess } from '../../lib/access/rendered-access';
import type { PlatformConfig } from '../../lib/platform-config';
import { isPlainObject } from '../../lib/shape';
import { Failure, messageOf } from '../../sandbox/failure';
import { writeWhole } from '../refresh';

/** Writes what a platform's access is now that it is deployed. */
export function record(
  file: string,
  platform: string,
  config: PlatformConfig,
  onlyInAwsAuth: readonly string[] | undefined,
): string {
  const before = readRecords(file);
  const { grants } = renderedAccess(config);
  const next = accessRecord({ ...config.access, grants }, onlyInAwsAuth ?? before[platform]?.onlyInAwsAuth);
  const records = Object.entries({ ...before, [platform]: next }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeWhole(file, { [file]: `${JSON.stringify(Object.fromEntries(records), null, 2)}\n` });
  const people = Object.keys(next.principals).length;
  return `${platform}: mode ${next.authenticationMode}, ${people} principal${people === 1 ? '' : 's'}, ${next.administrators.length} administrator${next.administrators.length === 1 ? '' : 's'}: ${file}`;
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

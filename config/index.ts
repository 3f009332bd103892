import type { AccessRecord } from '../lib/access/access-grant';
import type { PlatformConfig } from '../lib/platform-config';
import records from './access-record.json';
import { dev } from './dev';
import { prod } from './prod';

/** Every platform of this fork. The name is the prefix of its stacks and the name of its cluster. */
export const platforms: Readonly<Record<string, PlatformConfig>> = withRecords({ dev, prod });

/** Adds what `npx hajime access record` wrote about each: against it a change is checked that would lock people out. */
function withRecords(configs: Readonly<Record<string, PlatformConfig>>): Readonly<Record<string, PlatformConfig>> {
  const deployed = records as Readonly<Record<string, AccessRecord | undefined>>;
  return Object.fromEntries(
    Object.entries(configs).map(([name, config]) => [
      name,
      { ...config, access: { ...config.access, record: deployed[name] } },
    ]),
  );
}

import { stringify } from 'yaml';
import type { AwsAuthTexts } from '../access';
import type { ReadMapLine } from './aws-auth-file';

/** Lines as the texts of aws-auth. */
export function textsOf(lines: readonly ReadMapLine[]): AwsAuthTexts {
  const text = (key: keyof AwsAuthTexts, arnKey: string): string =>
    stringify(
      lines
        .filter((each) => each.text === key)
        .map(({ line, account }) =>
          line === undefined ? (account ?? {}) : { [arnKey]: line.arn, username: line.username, groups: line.groups },
        ),
      { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 },
    );
  return {
    mapRoles: text('mapRoles', 'rolearn'),
    mapUsers: text('mapUsers', 'userarn'),
    mapAccounts: text('mapAccounts', ''),
  };
}

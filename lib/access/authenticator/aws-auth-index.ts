import type { Access } from '../access';
import type { AwsAuthLine } from './aws-auth-line';
import { readAccounts, readLines, type Placed } from './aws-auth-text';

/** The lines of aws-auth that count, each found in one look. */
export interface AwsAuthIndex {
  /** The line of mapRoles for an ARN in lower case. */
  readonly roles: ReadonlyMap<string, Placed<AwsAuthLine>>;
  /** The line of mapUsers for an ARN in lower case. */
  readonly users: ReadonlyMap<string, Placed<AwsAuthLine>>;
  /** The place of an account in mapAccounts. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Which texts are of no use as a whole, and why. */
  readonly unusable: readonly string[];
  /** What is wrong with single lines. */
  readonly flaws: readonly string[];
}

/**
 * Reads aws-auth as the authenticator does: what is good counts, whatever else is wrong.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.7.5/pkg/mapper/configmap/configmap.go
 */
export function awsAuthIndex({ mapRoles, mapUsers, mapAccounts }: NonNullable<Access['awsAuth']>): AwsAuthIndex {
  const roles = readLines(mapRoles, 'rolearn');
  const users = readLines(mapUsers, 'userarn');
  const accounts = readAccounts(mapAccounts);
  const parts = Object.entries({ mapRoles: roles, mapUsers: users, mapAccounts: accounts });
  return {
    roles: byArn(roles.good),
    users: byArn(users.good),
    accounts: new Map(accounts.good.map(({ value, index }) => [value, index])),
    unusable: parts.flatMap(([key, { unusable }]) => (unusable === undefined ? [] : [`\`${key}\` ${unusable}`])),
    flaws: parts.flatMap(([key, { flaws }]) => flaws.map(({ index, value }) => `\`${key}[${index}]\` ${value}`)),
  };
}

/**
 * The last of several lines for one ARN wins wholly. So it does for users of the same spelling; among spellings that
 * differ in case the authenticator takes any, another one each time, and here it is the last as well.
 */
function byArn(lines: readonly Placed<AwsAuthLine>[]): ReadonlyMap<string, Placed<AwsAuthLine>> {
  return new Map(lines.map((line) => [line.value.arn.toLowerCase(), line]));
}

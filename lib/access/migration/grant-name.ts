import { permissionSetOf } from '../permission-set';
import { parsePrincipal } from '../principal';

/**
 * Gives names to principals, each name once: that of the role or user, with the account behind it if that is not the
 * cluster's and the name is taken.
 */
export function grantNames(inUse: readonly string[], clusterAccount: string): (arn: string) => string {
  const taken = new Set(inUse.map((name) => name.toLowerCase()));
  return (arn) => {
    const { name = '', account = clusterAccount } = parsePrincipal(arn) ?? {};
    const plain = readable(permissionSetOf(name) ?? withoutSuffix(name));
    const other = account === clusterAccount ? plain : `${plain}-${account}`;
    let free = taken.has(plain) ? other : plain;
    for (let number = 2; taken.has(free); number++) free = `${other}-${number}`;
    taken.add(free);
    return free;
  };
}

/** CloudFormation puts a random word behind the names it makes, Terraform a time. */
function withoutSuffix(name: string): string {
  return name.replace(/-(?=[A-Z]*\d)[A-Z\d]{10,14}$|-\d{18,26}$/, '');
}

function readable(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  // a number as a key would come before all others
  return /^\d*$/.test(words) ? ['grant', words].filter((part) => part !== '').join('-') : words;
}

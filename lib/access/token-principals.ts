import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { partitionOf } from '../partition';
import { element, problem, within } from '../validate';
import type { PrincipalGrants } from './access-grant';
import { withoutRolePath } from './principal';

/** Principals granted twice of which one is known only at deploy, such as a role made in the same app and its ARN. */
export function tokenDuplicates(scope: Construct, grants: PrincipalGrants, holder: string): string[] {
  const first = new Map<string, string>();
  return Object.entries(grants).flatMap(([name, { principal }]) => {
    const key = identityOf(scope, principal);
    const earlier = first.get(key);
    first.set(key, earlier ?? name);
    // two literals are compared by the rules, which know no stack
    if (earlier === undefined || !isToken(principal, grants[earlier]?.principal)) return [];
    const rule = `must not be granted twice: \`${element(holder, earlier)}\` is for the same role`;
    return [problem(within(element(holder, name), 'principal'), rule, principal, 'put both into one grant')];
  });
}

function isToken(...principals: readonly (string | undefined)[]): boolean {
  return principals.some((principal) => Token.isUnresolved(principal));
}

/** What a principal comes to at deploy, as far as the app knows: the same text for the same role. */
function identityOf(scope: Construct, principal: string): string {
  if (!Token.isUnresolved(principal)) return withoutRolePath(principal).toLowerCase();
  const stack = Stack.of(scope);
  const role = roleBehind(principal);
  if (role?.roleName !== undefined && !Token.isUnresolved(role.roleName)) {
    const { partition, account } = Stack.of(role);
    return spelledOut(stack, `arn:${partition}:iam::${account}:role/${role.roleName}`);
  }
  return spelledOut(stack, principal);
}

/** The role whose `Arn` a token is. */
function roleBehind(principal: string): CfnRole | undefined {
  const [token] = Tokenization.reverseString(principal).tokens;
  const target: unknown = token === undefined ? undefined : (token as { target?: unknown }).target;
  return CfnRole.isCfnRole(target) ? target : undefined;
}

/** An ARN with the partition and account of the stack in it. */
function spelledOut(stack: Stack, arn: string): string {
  const known: Readonly<Record<string, string>> = {
    'AWS::Partition': partitionOf(stack.region),
    'AWS::AccountId': stack.account,
  };
  const text = (part: unknown): string => {
    if (typeof part === 'string') return part;
    const reference = (part as { Ref?: string }).Ref;
    const value = reference === undefined ? undefined : known[reference];
    return value === undefined || Token.isUnresolved(value) ? JSON.stringify(part) : value;
  };
  const resolved: unknown = stack.resolve(arn);
  const joined = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  const whole = joined === undefined ? text(resolved) : joined[1].map(text).join(joined[0]);
  return withoutRolePath(whole).toLowerCase();
}

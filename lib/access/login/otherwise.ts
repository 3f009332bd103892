import type { MappedIdentity } from '../authenticator/map-identity';
import { YOU, type LikelyCause } from './login-step';
import type { MappingPlace } from './mapping-remedies';
import { commandLine } from './shell-word';

/** What is the matter if a login that works here is refused nevertheless: what neither config nor ARN tells. */
export function otherwise({ by }: MappedIdentity, { clusterName, region, live = false }: MappingPlace): LikelyCause[] {
  const entry = ['--cluster-name', clusterName, '--region', region];
  const undeployed = {
    cause: `the cluster does not hold yet what config/${clusterName}.ts says`,
    fix: `npx cdk diff '${clusterName}/*'; a new access entry takes up to a minute`,
    who: `whoever deploys ${clusterName}`,
  };
  const remade = {
    cause: 'the role or user was deleted and made again: its access entry holds the unique id of the old one',
    ...(live
      ? {
          fix: `delete the entry and make it again: ${commandLine(['aws', 'eks', 'delete-access-entry', ...entry])} --principal-arn <its ARN>`,
          who: 'whoever may call eks:DeleteAccessEntry, eks:CreateAccessEntry and eks:AssociateAccessPolicy',
        }
      : {
          fix: 'deploy once without its grant and once with it, which makes the entry anew',
          who: `whoever deploys ${clusterName}`,
        }),
  };
  const profile = {
    cause: 'kubectl signs as somebody else: the profile and role in the `exec` of its kubeconfig count, not yours',
    fix: 'kubectl config view --minify; then `aws sts get-caller-identity` with that profile',
    who: YOU,
  };
  return [...(live ? [] : [undeployed]), ...(by.source === 'entry' ? [remade] : []), profile];
}

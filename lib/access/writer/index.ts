import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { NO_ENTRIES, writeAwsAuth, type AwsAuthEntries } from './aws-auth-map';
import { KubernetesApi, KubernetesError, type ApiAccess, type KubernetesObject } from './kubernetes';
import { applyObjects, pruneObjects } from './objects';
import { respond } from './response';
import { bearerToken } from './token';

/** What the writer needs of the outside; a test brings its own. */
export interface Outside {
  /** Where the API of a cluster is; undefined if the cluster is gone. */
  readonly findCluster: (clusterName: string, region: string) => Promise<ApiAccess | undefined>;
  /** Sends the answer to CloudFormation. */
  readonly respond: typeof respond;
  /** Waits. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

interface Wish {
  readonly clusterName: string;
  readonly region: string;
  readonly entries: AwsAuthEntries;
  readonly objects: readonly KubernetesObject[];
}

/** Time kept back for the answer: without one, CloudFormation waits an hour. */
const MARGIN = 15_000;

/** The Lambda entry point: a custom resource that answers CloudFormation itself. */
export async function handler(
  event: CloudFormationCustomResourceEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  await handle(event, Date.now() + context.getRemainingTimeInMillis() - MARGIN, {
    findCluster,
    respond,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
}

/** The handler with its outside given. */
export async function handle(
  event: CloudFormationCustomResourceEvent,
  deadline: number,
  outside: Outside,
): Promise<void> {
  const wish = readWish(event.ResourceProperties);
  const owner =
    'PhysicalResourceId' in event && event.RequestType === 'Delete'
      ? event.PhysicalResourceId
      : `kotohajime/${wish.clusterName}/${event.LogicalResourceId}`;
  try {
    await insist(deadline, outside, () => write(event, owner, wish, outside));
    await outside.respond(event, { Status: 'SUCCESS', PhysicalResourceId: owner });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(reason);
    await outside.respond(event, { Status: 'FAILED', PhysicalResourceId: owner, Reason: reason });
  }
}

async function write(
  event: CloudFormationCustomResourceEvent,
  owner: string,
  wish: Wish,
  outside: Outside,
): Promise<void> {
  const access = await outside.findCluster(wish.clusterName, wish.region);
  if (access === undefined) {
    if (event.RequestType === 'Delete') return; // the map went with its cluster
    throw new Error(`there is no cluster ${wish.clusterName} in ${wish.region}`);
  }
  const api = new KubernetesApi(access);
  if (event.RequestType === 'Delete') {
    await writeAwsAuth(api, owner, wish.entries, NO_ENTRIES);
    await pruneObjects(api, owner, wish.objects, []);
    return;
  }
  // a changed cluster is a replacement: CloudFormation deletes the old one under its own id
  const before = event.RequestType === 'Update' ? readWish(event.OldResourceProperties) : undefined;
  const earlier = before?.clusterName === wish.clusterName ? before : undefined;
  await applyObjects(api, owner, wish.objects);
  await writeAwsAuth(api, owner, earlier?.entries ?? NO_ENTRIES, wish.entries);
  await pruneObjects(api, owner, earlier?.objects ?? [], wish.objects);
}

/** Tries again while the access entry is not effective yet or the API cannot be reached, until the time is up. */
async function insist(deadline: number, { sleep }: Outside, action: () => Promise<void>): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof KubernetesError) || !error.mayPass) throw error;
      if (Date.now() + wait > deadline) throw new Error(`gave up: ${error.message}`, { cause: error });
      console.log(`trying again in ${wait} ms: ${error.message}`);
      await sleep(wait);
    }
  }
}

async function findCluster(clusterName: string, region: string): Promise<ApiAccess | undefined> {
  const client = new EKSClient({ region });
  try {
    const { cluster } = await client.send(new DescribeClusterCommand({ name: clusterName }));
    const credentials = await client.config.credentials();
    return {
      endpoint: cluster?.endpoint ?? '',
      certificateAuthority: cluster?.certificateAuthority?.data ?? '',
      token: () => bearerToken(clusterName, region, credentials),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function readWish(properties: Record<string, unknown>): Wish {
  const { ClusterName, Region, AwsAuth, Objects } = properties as {
    ClusterName: string;
    Region: string;
    AwsAuth?: {
      Roles?: { RoleArn: string; Username: string; Groups?: string[] }[];
      Users?: { UserArn: string; Username: string; Groups?: string[] }[];
    };
    Objects?: string;
  };
  return {
    clusterName: ClusterName,
    region: Region,
    entries: {
      roles: (AwsAuth?.Roles ?? []).map(({ RoleArn, Username, Groups = [] }) => ({
        arn: RoleArn,
        username: Username,
        groups: Groups,
      })),
      users: (AwsAuth?.Users ?? []).map(({ UserArn, Username, Groups = [] }) => ({
        arn: UserArn,
        username: Username,
        groups: Groups,
      })),
    },
    objects: JSON.parse(Objects ?? '[]') as KubernetesObject[],
  };
}

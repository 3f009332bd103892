import { readFileSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { handle } from '../../../lib/access/writer';
import type { ApiAccess, KubernetesObject } from '../../../lib/access/writer/kubernetes';
import type { Outcome } from '../../../lib/access/writer/response';

const MAP = '/api/v1/namespaces/kube-system/configmaps/aws-auth';
const NODES = '- rolearn: arn:aws:iam::111122223333:role/NodeRole\n  groups: [system:nodes]\n';
const STRANGER = "- {rolearn: 'arn:aws:iam::111122223333:role/Stranger', groups: [x]} # by hand\n";

/**
 * A stand-in for the Kubernetes API over TLS that keeps objects and checks resource versions. It proves what the writer
 * sends and when; it has no admission, no validation and no RBAC.
 */
class StandIn {
  readonly objects = new Map<string, KubernetesObject>();
  readonly calls: string[] = [];
  /** Refuses this many calls with 401, as EKS does until an access entry is effective. */
  refusals = 0;
  /** Runs once before the next PUT: somebody else was faster. */
  race: (() => void) | undefined;
  private version = 0;
  private readonly server = https.createServer(
    {
      key: readFileSync(path.join(__dirname, 'loopback-key.pem')),
      cert: readFileSync(path.join(__dirname, 'loopback-cert.pem')),
    },
    (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const [status, body] = this.answer(request.method ?? '', (request.url ?? '').split('?')[0] ?? '', text);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    },
  );

  async start(): Promise<ApiAccess> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `https://127.0.0.1:${port}`,
      certificateAuthority: readFileSync(path.join(__dirname, 'loopback-cert.pem')).toString('base64'),
      token: () => Promise.resolve('token'),
    };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  put(at: string, object: KubernetesObject): void {
    this.objects.set(at, { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } });
  }

  private answer(method: string, at: string, text: string): [number, object] {
    this.calls.push(`${method} ${at}`);
    if (this.refusals > 0) {
      this.refusals--;
      return [401, { message: 'Unauthorized' }];
    }
    if (method === 'PUT' && this.race !== undefined) {
      this.race();
      this.race = undefined;
    }
    const found = this.objects.get(at);
    const body = text === '' ? {} : (JSON.parse(text) as KubernetesObject);
    if (method === 'POST') this.put(`${at}/${body.metadata?.name ?? ''}`, body);
    else if (found === undefined && method !== 'PATCH') return [404, { message: 'not found' }];
    else if (method === 'PUT') {
      if (body.metadata?.resourceVersion !== found?.metadata?.resourceVersion) return [409, { message: 'conflict' }];
      this.put(at, body);
    } else if (method === 'PATCH') {
      if (found !== undefined && JSON.stringify(found.roleRef) !== JSON.stringify(body.roleRef))
        return [422, { message: 'cannot change roleRef' }];
      this.put(at, body);
    } else if (method === 'DELETE') this.objects.delete(at);
    return [200, this.objects.get(at) ?? found ?? {}];
  }
}

const line = (name: string): object => ({
  RoleArn: `arn:aws:iam::111122223333:role/${name}`,
  Username: name,
  Groups: [name],
});
const binding = (name: string, role: string): KubernetesObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { name: role },
});
const wish = (roles: object[], objects: object[] = []): Record<string, unknown> => ({
  ClusterName: 'dev',
  Region: 'ap-northeast-1',
  AwsAuth: { Roles: roles, Users: [] },
  Objects: JSON.stringify(objects),
});

let api: StandIn;
let access: ApiAccess;
beforeEach(async () => {
  api = new StandIn();
  access = await api.start();
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  api.stop();
  jest.restoreAllMocks();
});

async function run(
  RequestType: 'Create' | 'Update' | 'Delete',
  now: Record<string, unknown>,
  old?: Record<string, unknown>,
  options: { deadline?: number; gone?: boolean } = {},
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const event = {
    RequestType,
    LogicalResourceId: 'AwsAuth',
    PhysicalResourceId: 'kotohajime/dev/AwsAuth',
    ResourceProperties: now,
    OldResourceProperties: old,
  } as unknown as CloudFormationCustomResourceEvent;
  await handle(event, options.deadline ?? Date.now() + 60_000, {
    findCluster: () => Promise.resolve(options.gone === true ? undefined : access),
    respond: (_, outcome) => {
      outcomes.push(outcome);
      return Promise.resolve();
    },
    sleep: () => Promise.resolve(),
  });
  expect(outcomes).toHaveLength(1);
  return outcomes[0] as Outcome;
}

const mapRoles = (): string | undefined => api.objects.get(MAP)?.data?.mapRoles;

test("a life: EKS's lines and a stranger's are there before, after two deploys, the last grant removed, and the stack destroyed", async () => {
  api.put(MAP, {
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth' },
    data: { mapRoles: NODES + STRANGER, mapAccounts: '- "1"\n' },
  });

  const first = wish([line('deployers')]);
  expect(await run('Create', first)).toEqual({ Status: 'SUCCESS', PhysicalResourceId: 'kotohajime/dev/AwsAuth' });
  expect(mapRoles()).toMatch(`${NODES}${STRANGER}- rolearn: arn:aws:iam::111122223333:role/deployers\n`);

  const second = wish([line('deployers'), line('auditors')]);
  await run('Update', second, first);
  expect(mapRoles()).toContain('role/auditors');

  await run('Update', wish([]), second);
  expect(mapRoles()).toBe(NODES + STRANGER);

  await run('Update', first, wish([]));
  await run('Delete', first);
  expect(api.objects.get(MAP)?.data).toEqual({ mapRoles: NODES + STRANGER, mapAccounts: '- "1"\n' });
  expect(api.objects.get(MAP)?.metadata?.annotations).toEqual({});
});

test('without a map one is made, and it outlives us', async () => {
  await run('Create', wish([line('deployers')]));
  expect(mapRoles()).toContain('role/deployers');
  await run('Delete', wish([line('deployers')]));
  expect(api.objects.has(MAP)).toBe(true);
  expect(mapRoles()).toBe('');
});

test('nothing is written when nothing changed', async () => {
  await run('Create', wish([line('deployers')]));
  api.calls.length = 0;
  await run('Update', wish([line('deployers')]), wish([line('deployers')]));
  expect(api.calls).toEqual([`GET ${MAP}`]);
});

test('ownership survives another tool that rewrites the YAML', async () => {
  await run('Create', wish([line('deployers')]));
  const map = api.objects.get(MAP) as KubernetesObject;
  const rewritten =
    '[{"groups":["deployers"],"username":"deployers","rolearn":"arn:aws:iam::111122223333:role/deployers"}]';
  api.put(MAP, { ...map, data: { mapRoles: rewritten } });
  await run('Delete', wish([line('deployers')]));
  expect(mapRoles()).toBe('[]');
});

test('a change by somebody else in between is merged, not overwritten', async () => {
  api.put(MAP, { kind: 'ConfigMap', metadata: { name: 'aws-auth' }, data: { mapRoles: NODES } });
  api.race = () => {
    api.put(MAP, { kind: 'ConfigMap', metadata: { name: 'aws-auth' }, data: { mapRoles: NODES + STRANGER } });
  };
  expect((await run('Create', wish([line('deployers')]))).Status).toBe('SUCCESS');
  expect(mapRoles()).toMatch(NODES + STRANGER);
});

test('it tries again while its access entry is not effective', async () => {
  api.refusals = 3;
  expect((await run('Create', wish([line('deployers')]))).Status).toBe('SUCCESS');
  expect(api.calls.filter((call) => call === `GET ${MAP}`)).toHaveLength(4);
});

test('it gives up in time, with the reason', async () => {
  api.refusals = Infinity;
  expect(await run('Create', wish([line('deployers')]), undefined, { deadline: Date.now() })).toEqual({
    Status: 'FAILED',
    PhysicalResourceId: 'kotohajime/dev/AwsAuth',
    Reason: `gave up: GET ${MAP} was answered 401: Unauthorized`,
  });
});

test('a map that is not valid YAML is left alone', async () => {
  api.put(MAP, { kind: 'ConfigMap', metadata: { name: 'aws-auth' }, data: { mapRoles: '- [' } });
  const { Status, Reason } = await run('Create', wish([line('deployers')]));
  expect([Status, Reason]).toEqual([
    'FAILED',
    'mapRoles in aws-auth is not valid YAML (line 1); nothing was changed. Repair it with kubectl, then deploy again',
  ]);
  expect(mapRoles()).toBe('- [');
});

test('deleting after the cluster is gone succeeds; creating without one does not', async () => {
  expect((await run('Delete', wish([]), undefined, { gone: true })).Status).toBe('SUCCESS');
  expect((await run('Create', wish([]), undefined, { gone: true })).Reason).toBe(
    'there is no cluster dev in ap-northeast-1',
  );
});

describe('the objects beside the map', () => {
  const at = (name: string): string => `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`;

  test('are applied before the lines that need them, and pruned after', async () => {
    const both = wish([line('a')], [binding('a', 'view'), binding('b', 'edit')]);
    await run('Create', both);
    expect(api.calls[0]).toBe(`PATCH ${at('a')}`);
    await run('Update', wish([line('a')], [binding('a', 'view')]), both);
    expect([api.objects.has(at('a')), api.objects.has(at('b'))]).toEqual([true, false]);
    await run('Delete', wish([line('a')], [binding('a', 'view')]));
    expect(api.objects.has(at('a'))).toBe(false);
  });

  test("a stranger's object of the same name is never deleted", async () => {
    api.put(at('a'), binding('a', 'view'));
    await run('Delete', wish([], [binding('a', 'view')]));
    expect(api.objects.has(at('a'))).toBe(true);
  });

  test('a binding to another role is made anew', async () => {
    await run('Create', wish([], [binding('a', 'view')]));
    await run('Update', wish([], [binding('a', 'edit')]), wish([], [binding('a', 'view')]));
    expect(api.objects.get(at('a'))?.roleRef).toEqual({ name: 'edit' });
  });
});

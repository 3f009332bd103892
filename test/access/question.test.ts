import { readQuestion, type Asking } from '../../lib/access/question';

const MINOR = '1.35';

test.each<[string, string, Asking, string]>([
  ['create', 'deployments', { namespace: 'shop' }, 'create deployments.apps in shop'],
  ['create', 'deploy.apps/web', { namespace: 'shop' }, 'create deployments.apps web in shop'],
  ['GET', 'po', { namespace: 'shop' }, 'get pods in shop'],
  ['get', 'Pod', {}, 'get pods in default'],
  ['list', 'pods', { allNamespaces: true }, 'list pods in all namespaces'],
  ['get', 'pods', { namespace: 'shop', subresource: 'log' }, 'get pods/log in shop'],
  ['get', 'nodes', {}, 'get nodes'],
  ['get', 'nodes', { namespace: 'shop' }, 'get nodes'],
  ['get', 'namespaces/shop', {}, 'get namespaces shop in shop'],
  ['list', 'namespaces', { namespace: 'shop' }, 'list namespaces'],
  ['create', 'widgets.example.com', { namespace: 'shop' }, 'create widgets.example.com in shop'],
  ['*', '*', { namespace: 'shop' }, '* * in shop'],
  ['get', '/healthz', {}, 'get /healthz'],
])('%s %s %j is: %s', (verb, what, asking, expected) => {
  expect(readQuestion(verb, what, asking, MINOR)).toMatchObject({ inWords: expected });
});

test('the request has what Kubernetes is asked', () => {
  expect(readQuestion('get', 'namespaces/shop', {}, MINOR)).toMatchObject({
    request: { verb: 'get', apiGroup: '', resource: 'namespaces', name: 'shop', namespace: 'shop' },
  });
  expect(readQuestion('create', 'po', { subresource: 'exec', allNamespaces: true }, MINOR)).toMatchObject({
    request: { verb: 'create', apiGroup: '', resource: 'pods', subresource: 'exec' },
  });
  expect(readQuestion('get', '/healthz', {}, MINOR)).toMatchObject({ request: { verb: 'get', path: '/healthz' } });
});

test.each<[string, string, Asking, string[]]>([
  ['get', 'pods', {}, ['asked in the namespace default; -n names another one, -A means all at once']],
  ['get', 'nodes', { namespace: 'shop' }, ['nodes are in no namespace: -n shop is passed over']],
  ['get', 'pods/log', { namespace: 'a' }, ['that is the object named log; the subresource is pods --subresource log']],
  ['get', 'events', { namespace: 'a' }, ["taken from the core group ''; there is events.events.k8s.io too"]],
  [
    'get',
    'widgets.example.com',
    { namespace: 'a' },
    ['widgets.example.com is taken for a custom resource in a namespace'],
  ],
  ['creat', 'pods', { namespace: 'a' }, ['Kubernetes does not know the verb creat; did you mean `create`?']],
  ['list', '/healthz', {}, ['a rule for URLs has the verbs get, head, post, put, patch, delete, options, *']],
  ['get', '/healthz', { namespace: 'a' }, ['a URL is in no namespace and has no subresource: those are passed over']],
])('%s %s %j is answered with a note', (verb, what, asking, notes) => {
  expect(readQuestion(verb, what, asking, MINOR)).toMatchObject({ notes });
});

test.each<[string, Asking, string]>([
  ['deploymets', {}, 'Kubernetes 1.35 has no resource deploymets; did you mean deployments.apps?'],
  ['flurb', {}, 'Kubernetes 1.35 has no resource flurb; a custom resource is written as <plural>.<group>'],
  ['pods', { subresource: 'logs' }, 'pods has no subresource logs; did you mean `log`?'],
  ['configmaps', { subresource: 'log' }, 'configmaps has no subresource log; it has none'],
])('%s %j is no question', (what, asking, expected) => {
  expect(readQuestion('get', what, asking, MINOR)).toEqual({ problem: expected });
});

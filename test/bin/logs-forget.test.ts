import { forget } from '../../bin/logs/forget';
import { FakeRules } from './fake-rules';
import { heard, type Said } from './in-process';

let store: FakeRules;
beforeEach(() => {
  store = new FakeRules();
});

const forgot = (sure: boolean, sandbox?: true): Promise<Said> =>
  heard(() => forget({ target: { platform: 'dev', sandbox }, store, buckets: ['kept', 'cold'], sure }));

test('without --yes it only says what would be gone', async () => {
  await store.had('{}');
  await store.had('{}');
  expect(await forgot(false)).toEqual({
    status: 0,
    stderr: '',
    stdout:
      'This deletes 2 versions of the rules of dev, of which version 2 is live, and there is no way back: without rules the function keeps everything, and `rollback` has nothing to go back to. The rule file stays.\n' +
      'Nothing was deleted. To do it: npx hajime logs forget dev --yes\n',
  });
  expect(store.stored.size).toBe(2);
});

test('with it every version goes, and the buckets are named', async () => {
  await store.had('{}');
  await store.had('{}', 'ROLLED_BACK');
  const { status, stdout } = await forgot(true);
  expect(status).toBe(0);
  expect(stdout).toBe(
    'Deleted 2 versions of the rules of dev, of which version 1 is live.\n' +
      'Before the stack can be deleted its buckets must be empty, too: aws s3 rm s3://kept --recursive, aws s3 rm s3://cold --recursive\n',
  );
  expect(store.stored.size).toBe(0);
});

test('a rollout that goes on stops it', async () => {
  await store.had('{}', 'BAKING');
  const { status, stderr } = await forgot(true);
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Nothing was deleted: version 1 is out, and watched (rollout 1).\nWait for it: npx hajime logs status dev\nOr stop it: npx hajime logs rollback dev\n',
  );
  expect(store.stored.size).toBe(1);
});

test('what cannot be deleted is told, and stays', async () => {
  await store.had('{}');
  await store.had('{}');
  store.remove = async () => {
    throw new Error('AccessDenied');
  };
  const { status, stderr } = await forgot(true);
  expect(status).toBe(1);
  expect(stderr).toContain('AccessDenied');
  expect(store.stored.size).toBe(2);
});

test('nothing to delete', async () => {
  expect((await forgot(true)).stdout).toBe('There are no rules of dev to delete.\n');
});

test('of the local AWS it suggests nothing that acts on a real account', async () => {
  await store.had('{}');
  expect((await forgot(false, true)).stdout).toContain('To do it: npx hajime logs forget dev --yes --sandbox\n');
  expect((await forgot(true, true)).stdout).toContain(
    'The local AWS goes as a whole, buckets and all: npx hajime sandbox down\n',
  );
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { author } from '../../bin/logs/author';
import { output } from '../../bin/logs/aws';
import { commandLine, deployLine } from '../../bin/logs/command-line';
import { failedObjects } from '../../bin/logs/failed-objects';
import type { Objects } from '../../bin/logs/objects';
import { noCredentials } from '../../bin/logs/profile';
import { ROOT } from '../../sandbox/places';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'places-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('a line to copy', () => {
  test('acts where the command did', () => {
    expect(commandLine({ platform: 'dev' }, 'rollback', '--to', '3')).toBe('npx hajime logs rollback dev --to 3');
    expect(commandLine({ platform: 'dev', sandbox: true }, 'status')).toBe('npx hajime logs status dev --sandbox');
    expect(deployLine({ platform: 'dev' })).toBe("npx cdk deploy 'dev/*'");
    expect(deployLine({ platform: 'dev' }, 'Logs')).toBe("npx cdk deploy 'dev/Logs'");
    expect(deployLine({ platform: 'dev', sandbox: true }, 'Logs')).toBe('npx hajime sandbox deploy dev');
  });

  test('of an output that is missing, too', () => {
    const place = { platform: 'dev', settings: {}, outputs: {} };
    expect(() => output(place, 'strategy')).toThrow(
      "The stack dev-Logs has no output RulesStrategy. Deploy it again: npx cdk deploy 'dev/Logs'",
    );
    expect(() => output({ ...place, sandbox: true }, 'strategy')).toThrow(
      'Deploy it again: npx hajime sandbox deploy dev',
    );
  });
});

describe('who pushes, and from what', () => {
  test.each([
    ['stdin', undefined],
    ['a file outside of the project', '/etc/hosts'],
    ['a file git does not know', path.join(ROOT, 'node_modules', '.package-lock.json')],
    ['a file that is not there', path.join(ROOT, 'nowhere.yaml')],
  ])('no commit holds %s', (name, file) => {
    expect(author({ name, path: file })).toMatch(new RegExp(`, ${name}, not in git$`));
  });

  test('a file that was changed names the commit it was changed since', () => {
    const clone = path.join(folder, 'clone');
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd: clone,
        stdio: 'ignore',
      });
    mkdirSync(clone);
    git('init', '-q');
    const file = path.join(clone, 'rules.yaml');
    writeFileSync(file, 'version: 1\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    expect(author({ name: 'rules.yaml', path: file }, clone)).toMatch(/, rules\.yaml of [0-9a-f]{7,}$/);
    writeFileSync(file, 'version: 2\n');
    expect(author({ name: 'rules.yaml', path: file }, clone)).toMatch(/, rules\.yaml changed since [0-9a-f]{7,}$/);
    // a commit of another project is none of this one
    expect(author({ name: 'rules.yaml', path: file })).toMatch(/, rules\.yaml, not in git$/);
  });
});

describe('without credentials', () => {
  const env = (profile?: string): NodeJS.ProcessEnv => ({
    AWS_PROFILE: profile,
    AWS_CONFIG_FILE: written(
      'config',
      '[default]\nregion = a\n[profile dev]\n[sso-session x]\n[profile "two words"]\n',
    ),
    AWS_SHARED_CREDENTIALS_FILE: written('credentials', '[old]\naws_access_key_id = a\n'),
  });

  test.each([
    [undefined, 'No AWS credentials: set AWS_PROFILE or sign in; for the local AWS give --sandbox.'],
    [
      'nope',
      'There is no AWS profile nope, which AWS_PROFILE names; there are default, dev, old, two words; for the local AWS give --sandbox.',
    ],
    [
      'dev',
      'No AWS credentials in the profile dev (AWS_PROFILE): sign in, such as with aws sso login --profile dev; for the local AWS give --sandbox.',
    ],
  ])('AWS_PROFILE=%s', (profile, told) => expect(noCredentials(env(profile))).toBe(told));

  test('no profile at all', () => {
    const nowhere = path.join(folder, 'nowhere');
    const none = { AWS_PROFILE: 'a', AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere };
    expect(noCredentials(none)).toContain('which AWS_PROFILE names; there are none;');
  });
});

describe('what is under failed/', () => {
  /** A bucket of keys, some of them replayed. */
  const bucket = (keys: readonly string[], replayed: readonly string[] = []): Objects & { asked: number } => {
    const objects = {
      asked: 0,
      async *list() {
        for (const key of keys) yield { key, bytes: key.endsWith('empty') ? 0 : 1 };
      },
      folders: async () => [],
      read: async () => Readable.from([]),
      marks: async (_: string, key: string) => {
        objects.asked += 1;
        return replayed.includes(key)
          ? { 'kotohajime:replayed': 'then' }
          : { 'kotohajime:replayed-lines': '3', 'kotohajime:replayed:hot': 'then' };
      },
      mark: async () => undefined,
    };
    return objects as unknown as Objects & { asked: number };
  };
  const key = (hour: number, name: string): string =>
    `failed/processing-failed/dt=2026-11-25/hour=${String(hour).padStart(2, '0')}/${name}`;

  test('counts what nobody has replayed to its end, and since when', async () => {
    const objects = bucket([key(1, 'a'), key(2, 'b'), key(3, 'c'), key(4, 'empty'), 'failed/x'], [key(1, 'a')]);
    expect(await failedObjects('kept', objects)).toEqual({
      waiting: 2,
      complete: true,
      oldest: new Date('2026-11-25T02:00:00Z'),
    });
  });

  test('nothing', async () => {
    expect(await failedObjects('kept', bucket([]))).toEqual({ waiting: 0, complete: true, oldest: undefined });
  });

  test('of very many only the newest are looked at, and it says so', async () => {
    const keys = Array.from({ length: 300 }, (_, at) => key(at < 150 ? 1 : 2, `o${at}`));
    const objects = bucket(keys);
    expect(await failedObjects('kept', objects)).toMatchObject({ waiting: 200, complete: false });
    expect(objects.asked).toBe(200);
  });
});

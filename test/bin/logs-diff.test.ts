import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { hajime } from './in-process';
import { RULES, SAMPLE } from './log-sample';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hajime-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
const written = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('diff', () => {
  const diff = (before: string, after: string, ...more: string[]): ReturnType<typeof hajime> =>
    hajime(
      'logs',
      'diff',
      '--rules',
      written('after.yaml', after),
      '--against',
      written('before.yaml', before),
      '--sample',
      written('sample', SAMPLE),
      ...more,
    );

  test('says what is newly dropped, newly kept, redacted otherwise and sent elsewhere, by which rule', async () => {
    const before = RULES.replace('/healthz } }', '/nothing } }').replace(
      'GET /healthz }, expect: drop',
      'GET /nothing }, expect: drop',
    );
    const { status, stdout } = await diff(before, RULES.replace('to: [archive, cloudwatch]', 'to: [archive]'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/newly dropped: 6 records, \d+ B \(\d\d %\), by probes/);
    expect(stdout).toMatch(/sent elsewhere: 1 record, .* by live/);
    expect(stdout).toMatch(
      /7 records \(\d\d % of the bytes\) would fare otherwise: 6 newly dropped, 1 sent elsewhere\./,
    );
    const back = (await diff(RULES, before)).stdout;
    expect(back).toMatch(/newly kept: 6 records, .* by default/);
    const unredacted = RULES.replace(/ {2}- id: mail[^]*?(?= {2}- id: probes)/, '');
    expect((await diff(unredacted, RULES)).stdout).toMatch(/redacted otherwise: 1 record, .* by mail/);
  });

  test('examples are shown without what either redacts, and without what looks like a secret', async () => {
    const unredacted = RULES.replace(/ {2}- id: mail[^]*?(?= {2}- id: probes)/, '');
    const { stdout } = await diff(unredacted, RULES);
    expect(stdout).toContain('payment slow for <mail>');
    expect(stdout).not.toContain('ann@example.com');
  });

  test('nothing changes', async () => {
    const { status, stdout } = await diff(RULES, RULES);
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe('Nothing changes for these records.');
  });

  test('for machines it is JSON', async () => {
    const before = RULES.replace('/healthz } }', '/nothing } }');
    const found = JSON.parse((await diff(before, RULES, '--json')).stdout) as object;
    expect(found).toMatchObject({
      came: { records: 10 },
      changed: { records: 6 },
      changes: [{ rule: 'probes', kind: 'dropped', volume: { records: 6 } }],
    });
  });

  test('of a rule file alone there is no live version', async () => {
    const words = ['diff', '--rules', written('rules.yaml', RULES), '--sample', written('sample', SAMPLE)];
    expect((await hajime('logs', ...words)).stderr).toMatch(/^name the platform whose pipeline is meant: /);
  });
});

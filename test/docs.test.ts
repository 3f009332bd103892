import { platforms } from '../config';
import { capacity } from '../lib/capacity/capacity';
import { capacitySvg } from '../lib/capacity/capacity-svg';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { hajimeLogs } from './bin/in-process';

const root = path.join(__dirname, '..');
const OTHERS = new Set(['node_modules', 'cdk.out', 'coverage', 'package-lock.json']);

/** The project's own files below a folder, by their path from the root; nothing that is made or begins with a dot. */
function files(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !OTHERS.has(name) && (name === '.ci' || !/^\.|^__pycache__$/.test(name)))
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? files(file) : [file];
    });
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const DOCS = ['README.md', 'CONTRIBUTING.md', ...files('docs').filter((file) => file.endsWith('.md'))];

/** Every match in the docs as `<file>: <match>`, each once. */
function inDocs(pattern: RegExp): { file: string; match: RegExpMatchArray }[] {
  return DOCS.flatMap((file) => [...read(file).matchAll(pattern)].map((match) => ({ file, match })));
}

/** The help of a command; those of the logs are many, and need no process each. */
async function help([first = '', ...rest]: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  if (first === 'logs') return hajimeLogs(...rest, '--help');
  const words = first === '' ? [] : [first, ...rest];
  return spawnSync(process.execPath, ['bin/hajime.js', ...words, '--help'], { cwd: root, encoding: 'utf8' });
}

test('the docs are found', () => {
  expect(DOCS).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/upgrading.md']));
  expect(inDocs(/\bnpx hajime\b/g).length).toBeGreaterThan(2);
  expect(inDocs(/\bnpm (run|test|start)\b/g).length).toBeGreaterThan(5);
});

test('every npm script the docs name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const missing = inDocs(/\bnpm (?:run ([\w:.-]*\w)|(test|start)\b)/g)
    .filter(({ match: [, run, own] }) => !Object.hasOwn(scripts, run ?? own ?? ''))
    .map(({ file, match: [text] }) => `${file}: ${text}`);
  expect(missing).toEqual([]);
});

describe('every command of hajime the docs name exists', () => {
  // in a block or between backticks, to the end of the command: a comment, a redirection, another command
  const named = inDocs(/(?:`|\bnpx )hajime((?: [^\s`#|>&;]+)*)/g).map(({ file, match: [, words = ''] }) => ({
    file,
    words: words.split(' ').filter((word) => word !== ''),
  }));
  const distinct = [...new Map(named.map(({ words, file }) => [words.join(' '), file]))];

  test.each(distinct)('hajime %s (%s)', async (text) => {
    const words = text.split(' ').filter((word) => word !== '' && word !== '…');
    const { status, stdout } = await help(words);
    expect(status).toBe(0);
    const options = words.filter((word) => word.startsWith('-'));
    for (const option of options) expect(stdout).toContain(option.replace(/=.*/, ''));
    const plain = words.filter(
      (word, index) => !word.startsWith('-') && !(index > 0 && stdout.includes(`${words[index - 1] ?? ''} <`)),
    );
    // for a word that is no command commander shows the help of the command before it, and that must take the word
    const [, command = '', usage = ''] = /^Usage: hajime((?: [a-z][\w-]*)*)(.*)$/m.exec(stdout) ?? [];
    const known = command.split(' ').filter((word) => word !== '');
    const takes = usage.match(/[[<](?!options|command)[^\]>]+[\]>]/g)?.length ?? 0;
    expect(plain).toEqual([...known, ...plain.slice(known.length, known.length + takes)]);
  });
});

test('every relative link of the docs leads to a file', () => {
  const dead = inDocs(/\[[^\]]*\]\(([^)\s]+)\)/g)
    .filter(({ match: [, target = ''] }) => !/^([a-z]+:|#)/.test(target))
    .filter(
      ({ file, match: [, target = ''] }) =>
        !existsSync(path.join(root, path.dirname(file), decodeURI(target).replace(/[#?].*/, ''))),
    )
    .map(({ file, match: [text] }) => `${file}: ${text}`);
  expect(dead).toEqual([]);
});

test('the docs quote no TypeScript: they link to examples/, which are compiled', () => {
  expect(inDocs(/^ *```(ts|typescript)\b/gm).map(({ file }) => file)).toEqual([]);
});

test.each([
  [
    'the absolute path of a machine',
    /(?<![\w.~<>:-])\/(home|Users|root|work|workspace|builds)\/(?!me\b)[\w.-]+|\b[A-Z]:\\\w+/,
  ],
  [
    'the host of a package registry',
    /\bregistry\.[\w-]+\.[a-z]{2,}|\b(pypi|npmjs|pythonhosted|rubygems)\.(org|com)\b|\b[\w-]+\.(jfrog\.io|pkg\.dev)\b|codeartifact\.[\w-]+\.amazonaws/i,
  ],
])('nothing names %s', (_, pattern) => {
  const self = 'test/docs.test.ts';
  const found = [...files('.'), '.npmrc', 'package-lock.json']
    .filter((file) => file !== self && /\.(ts|js|cjs|mjs|json|md|py|ini|toml|txt|snap)$|^\.|^\.ci\//.test(file))
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
  expect(found).toEqual([]);
});

test("the README's picture is what the command draws today", () => {
  expect(read('docs/prod.svg')).toBe(capacitySvg('prod', platforms.prod!, capacity(platforms.prod!)));
});

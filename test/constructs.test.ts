import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../cdk.json';
import { OwnStack } from '../examples/constructs';

test("every construct works alone in somebody else's app", () => {
  const app = new cdk.App({ context: cdkJson.context, builtinCloudFormationValidation: false });
  const template = Template.fromStack(
    new OwnStack(app, 'Own', { env: { account: '111122223333', region: 'eu-west-1' } }),
  );
  for (const type of ['Cluster', 'Nodegroup', 'FargateProfile']) template.resourceCountIs(`AWS::EKS::${type}`, 1);
  template.resourceCountIs('AWS::EKS::Addon', 2);
  template.resourceCountIs('AWS::EKS::AccessEntry', 2); // break-glass and the writer
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
});

const root = path.join(__dirname, '..');
const sources = readdirSync(path.join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

test('every optional property of lib says its default', () => {
  const silent = sources
    .filter((file) => !file.includes('writer'))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, 'lib', file), 'utf8');
      const documented = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\?:/g;
      const said = new Map(
        [...text.matchAll(documented)].map(([, doc = '', name = '']) => [name, doc.includes('@default')]),
      );
      // `name?: undefined` is how a union says which of its members has no such property
      return [...text.matchAll(/readonly (\w+)\?:(?! undefined\b)/g)].flatMap(([, name = '']) =>
        said.get(name) === true ? [] : [`${file}: ${name}`],
      );
    });
  expect(silent).toEqual([]);
});

test('no file of lib or bin is longer than 300 lines', () => {
  const long = sources.filter((file) => readFileSync(path.join(root, 'lib', file), 'utf8').split('\n').length > 300);
  expect(long).toEqual([]);
});

/** One mistake a line, and the rule that must see it: an ESLint selector with a slip matches nothing, in silence. */
const MISTAKES: readonly (readonly [string, string])[] = [
  ["import { platforms } from '../../config';", 'no-restricted-imports'],
  ['/** x */ export const a = (y: any): unknown => y;', '@typescript-eslint/no-explicit-any'],
  ['/** x */ export const b = process.env.HOME;', 'no-restricted-syntax'],
  [
    '/** x */ export const c = (n: { tryGetContext(k: string): string }): string => n.tryGetContext("k");',
    'no-restricted-syntax',
  ],
  ['/** x */ export interface DProps { /** y */ y: string }', 'no-restricted-syntax'],
  ['export class E { readonly y = platforms }', 'jsdoc/require-jsdoc'],
  ['/** x */ export interface FProps { readonly y: string }', 'jsdoc/require-jsdoc'],
];

test('the linter refuses in lib what it is meant to refuse', () => {
  const { stdout } = spawnSync(
    path.join(root, 'node_modules', '.bin', 'eslint'),
    ['--stdin', '--stdin-filename', path.join(root, 'lib', 'network', 'lint-probe.ts'), '--format', 'json'],
    { cwd: root, encoding: 'utf8', input: MISTAKES.map(([code]) => `${code}\n`).join('') },
  );
  const [{ messages }] = JSON.parse(stdout) as [{ messages: { line: number; ruleId: string }[] }];
  const missed = MISTAKES.filter(
    ([, rule], index) => !messages.some(({ line, ruleId }) => line === index + 1 && ruleId === rule),
  );
  expect(missed).toEqual([]);
});

/** `npm run refresh:instance-types`: compares the table of instance types with EC2 and, if told to, writes it. */
import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { EC2Client, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Failure, messageOf } from '../sandbox/failure';
import {
  tableDifference,
  tableText,
  withCsv,
  withDescribed,
  type Described,
  type InstanceTypeTable,
} from './instance-type-table';
import { asking, dayOf, end, writeWhole, type Remedies } from './refresh';

const TABLE = path.join(__dirname, '..', 'lib', 'compute', 'instance-types.json');

/** Lines of one kind that are shown; the rest is counted. */
const SHOWN = 20;

interface Options {
  readonly region?: string;
  readonly from?: string;
  readonly table: string;
  readonly write?: true;
}

async function refresh({ region, from, table, write }: Options): Promise<void> {
  const before = tableOf(table);
  const { after, gone } = from === undefined ? described(before, await ask(region)) : saved(before, from);
  const { added, changed } = tableDifference(before.types, after.types);
  process.stdout.write(
    [
      ...section('added', added),
      ...section('changed', changed),
      ...section('gone; their rows stay, as EC2 names only what the region has', gone),
    ].join(''),
  );
  const count = added.length + changed.length;
  if (count === 0) return void process.stdout.write('The table says what its source says.\n');
  const differences = `${count} ${count === 1 ? 'difference' : 'differences'}`;
  if (write === undefined)
    return void process.stdout.write(`${differences}. Nothing was written: --write does that.\n`);
  writeWhole('The table', { [table]: tableText(after) });
  process.stdout.write(`${differences} written. Next: \`npm test\`.\n`);
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more\n`] : [];
  return [`${title} (${lines.length})\n`, ...lines.slice(0, SHOWN).map((line) => `  ${line}\n`), ...more, '\n'];
}

interface Answer {
  readonly types: readonly Described[];
  readonly where: string;
  readonly date: string;
}

interface Refreshed {
  readonly after: InstanceTypeTable;
  readonly gone: readonly string[];
}

function described(before: InstanceTypeTable, { types, where, date }: Answer): Refreshed {
  const named = new Set(types.map(({ InstanceType }) => InstanceType as string | undefined));
  const after = { ...before, source: `ec2:DescribeInstanceTypes, ${where}`, date };
  return {
    after: { ...after, types: withDescribed(before.types, types) },
    gone: Object.keys(before.types).filter((type) => !named.has(type)),
  };
}

function ask(region: string | undefined): Promise<Answer> {
  return asking('EC2', REMEDIES, async () => {
    const client = new EC2Client(region === undefined ? {} : { region });
    const where = await client.config.region();
    process.stderr.write(`Asking EC2 in ${where} …\n`);
    const types: Described[] = [];
    for await (const page of paginateDescribeInstanceTypes({ client }, {})) types.push(...(page.InstanceTypes ?? []));
    if (types.length === 0) throw new Failure('EC2 named no instance type.');
    return { types, where, date: dayOf(new Date()) };
  });
}

function saved(before: InstanceTypeTable, file: string): Refreshed {
  try {
    const text = readFileSync(file, 'utf8');
    const date = dayOf(statSync(file).mtime);
    if (file.endsWith('.csv')) {
      const { types, columns } = withCsv(before.types, text);
      const from = `${path.basename(file)} of ${date}`;
      const onlyBranches = columns.every((column) => column === 'branchInterfaces');
      const source = onlyBranches
        ? { branchSource: `${from}; before: ${before.branchSource}` }
        : { source: `${from}; before: ${before.source}`, date };
      return { after: { ...before, ...source, types }, gone: [] };
    }
    const answer = JSON.parse(text) as { readonly InstanceTypes?: readonly Described[] } | null;
    if (!Array.isArray(answer?.InstanceTypes) || answer.InstanceTypes.length === 0) {
      throw new Error('`InstanceTypes` must be in it; --help shows how to save it');
    }
    return described(before, { types: answer.InstanceTypes, where: 'a saved answer', date });
  } catch (error) {
    throw new Failure(`${file} cannot be read as instance types: ${messageOf(error)}`);
  }
}

function tableOf(file: string): InstanceTypeTable {
  try {
    const table = JSON.parse(readFileSync(file, 'utf8')) as Partial<InstanceTypeTable> | null;
    if (table?.types === undefined) throw new Error('it has no `types`');
    return table as InstanceTypeTable;
  } catch (error) {
    throw new Failure(`${file} cannot be read as the table of instance types: ${messageOf(error)}`);
  }
}

function savedFile(file: string): string {
  if (/\.(csv|json)$/.test(file)) return file;
  throw new InvalidArgumentError('It must be a .json or a .csv file.');
}

const REMEDIES: Remedies = [[/UnauthorizedOperation|AccessDenied/, 'The credentials need ec2:DescribeInstanceTypes.']];

const HELP = `
Examples:
  npm run refresh:instance-types
  npm run refresh:instance-types -- --region eu-west-1 --write

An answer can be saved where the credentials are and read elsewhere:
  aws ec2 describe-instance-types > answer.json
  npm run refresh:instance-types -- --from answer.json

EC2 does not tell how many branch interfaces a type has. They come from a CSV, as any column can:
  instanceType,branchInterfaces
  m9g.large,9

Exit codes: 0 fine, 1 failed, 2 wrong use`;

new Command('refresh-instance-types')
  .description('Compares the table of instance types with what EC2 answers')
  .option('--region <name>', 'the region to ask in; that of your AWS settings if left out')
  .addOption(
    new Option('--from <file>', 'reads a saved answer, or a CSV, instead of asking')
      .argParser(savedFile)
      .conflicts('region'),
  )
  .addOption(
    new Option('--table <file>', 'the table to compare and write').default(TABLE, 'lib/compute/instance-types.json'),
  )
  .option('--write', 'writes the table')
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows the options)')
  .exitOverride()
  .addHelpText('after', HELP)
  .action(refresh)
  .parseAsync()
  .catch(end);

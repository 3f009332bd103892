/** `npm run refresh:cni-schema`: keeps the schema that EKS holds the configuration of one vpc-cni version against. */
import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ADDON_VERSION, compileSchema, SCHEMAS, type ConfigurationSchema } from '../lib/cni/configuration-schema';
import { DESTINATIONS } from '../lib/cni/vpc-cni-configuration';
import { isPlainObject } from '../lib/shape';
import { Failure, messageOf } from '../sandbox/failure';
import { asking, dayOf, end, writeWhole, type Remedies } from './refresh';

interface Options {
  readonly region?: string;
  readonly from?: string;
  readonly to: string;
}

/** An answer of EKS, and where it comes from. */
interface Source {
  readonly answer: unknown;
  readonly source: string;
  readonly readOn: string;
}

async function refresh(version: string, { region, from, to }: Options): Promise<void> {
  const { answer, source, readOn } = from === undefined ? await ask(version, region) : saved(from);
  const kept: ConfigurationSchema = {
    addonName: 'vpc-cni',
    addonVersion: version,
    source,
    readOn,
    configurationSchema: schemaIn(answer, version),
  };
  const file = path.join(to, `${version}.json`);
  writeWhole('The schema', { [file]: `${JSON.stringify(kept, null, 2)}\n` });
  process.stdout.write(`Wrote ${path.relative(process.cwd(), file)}.\n${lacking(kept.configurationSchema, version)}`);
}

/** The schema in an answer of EKS; it must be of this very version and be one that can be compiled. */
function schemaIn(answer: unknown, version: string): ConfigurationSchema['configurationSchema'] {
  if (!isPlainObject(answer) || typeof answer.configurationSchema !== 'string') {
    throw new Failure('The answer has no `configurationSchema`: is it one of `aws eks describe-addon-configuration`?');
  }
  const { addonName, addonVersion, configurationSchema } = answer;
  if (addonName !== 'vpc-cni' || addonVersion !== version) {
    throw new Failure(`The answer is for ${String(addonName)} ${String(addonVersion)}, not for vpc-cni ${version}.`);
  }
  try {
    const schema: unknown = JSON.parse(configurationSchema);
    if (!isPlainObject(schema)) throw new Error('it is no object');
    compileSchema(schema);
    return schema;
  } catch (error) {
    throw new Failure(`The schema in the answer cannot be used: ${messageOf(error)}`);
  }
}

/** The settings of this project that the version does not take. */
function lacking(schema: ConfigurationSchema['configurationSchema'], version: string): string {
  const settings = Object.entries(DESTINATIONS)
    .filter(([, places]) => Object.keys(places).some((place) => !hasPlace(schema, place.split('.'))))
    .map(([setting]) => setting);
  return settings.length === 0
    ? `It takes every setting of \`cni\`.\n`
    : `vpc-cni ${version} does not take, or not wholly: ${settings.join(', ')}.\n`;
}

/** Whether a schema in the form of EKS (a root that names its definitions) has a place for a path. */
function hasPlace(schema: Readonly<Record<string, unknown>>, steps: readonly string[]): boolean {
  const definitions = isPlainObject(schema.definitions) ? schema.definitions : {};
  const follow = (node: unknown): unknown => {
    const name = isPlainObject(node) && typeof node.$ref === 'string' ? node.$ref.split('/').at(-1) : undefined;
    return name === undefined ? node : definitions[name];
  };
  let node = follow(schema);
  for (const step of steps) {
    const properties = isPlainObject(node) && isPlainObject(node.properties) ? node.properties : {};
    if (!(step in properties)) return false;
    node = follow(properties[step]);
  }
  return true;
}

function ask(addonVersion: string, region: string | undefined): Promise<Source> {
  return asking('EKS', REMEDIES, async () => {
    // only when it is asked: it is most of the time a saved answer takes
    const { DescribeAddonConfigurationCommand, EKSClient } = await import('@aws-sdk/client-eks');
    const client = new EKSClient(region === undefined ? {} : { region });
    const where = await client.config.region();
    process.stderr.write(`Asking EKS in ${where} …\n`);
    const answer = await client.send(new DescribeAddonConfigurationCommand({ addonName: 'vpc-cni', addonVersion }));
    return { answer: { ...answer }, source: `eks:DescribeAddonConfiguration, ${where}`, readOn: dayOf(new Date()) };
  });
}

function saved(file: string): Source {
  try {
    const answer: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return { answer, source: 'eks:DescribeAddonConfiguration, a saved answer', readOn: dayOf(statSync(file).mtime) };
  } catch (error) {
    throw new Failure(`${file} cannot be read as an answer of EKS: ${messageOf(error)}`);
  }
}

function versionArgument(text: string): string {
  if (!ADDON_VERSION.test(text)) throw new InvalidArgumentError('A version is such as v1.21.1-eksbuild.1.');
  return text;
}

const REMEDIES: Remedies = [
  [/AccessDenied/, 'The credentials need eks:DescribeAddonConfiguration.'],
  [
    /ResourceNotFound|InvalidParameter/,
    'EKS does not know that version: `aws eks describe-addon-versions --addon-name vpc-cni` lists those it knows.',
  ],
];

const HELP = `
Examples:
  npm run refresh:cni-schema -- v1.21.1-eksbuild.1
  npm run refresh:cni-schema -- v1.21.1-eksbuild.1 --region eu-west-1

An answer can be saved where the credentials are and read elsewhere:
  aws eks describe-addon-configuration --addon-name vpc-cni --addon-version v1.21.1-eksbuild.1 > answer.json
  npm run refresh:cni-schema -- v1.21.1-eksbuild.1 --from answer.json

Exit codes: 0 fine, 1 problems found, 2 wrong use`;

new Command('refresh-cni-schema')
  .description('Keeps the schema that EKS holds the configuration of one vpc-cni version against')
  .argument('<version>', 'the add-on version, such as v1.21.1-eksbuild.1', versionArgument)
  .option('--region <name>', 'the region to ask in; that of your AWS settings if left out')
  .addOption(new Option('--from <file>', 'reads a saved answer instead of asking').conflicts('region'))
  .addOption(new Option('--to <folder>', 'where to write').default(SCHEMAS, 'lib/cni/schemas'))
  .showHelpAfterError('(--help shows the options)')
  .exitOverride()
  .addHelpText('after', HELP)
  .action(refresh)
  .parseAsync()
  .catch(end);

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json';
import { isPlainObject } from '../shape';

/** The schema of the configuration of one version of the add-on, as it is kept in `schemas/<version>.json`. */
export interface ConfigurationSchema {
  /** Always `vpc-cni`. */
  readonly addonName: 'vpc-cni';
  /** Such as `v1.15.1-eksbuild.1`. */
  readonly addonVersion: string;
  /** Where it was read. */
  readonly source: string;
  /** When, such as `2026-11-25`. */
  readonly readOn: string;
  /** The JSON schema. */
  readonly configurationSchema: Readonly<Record<string, unknown>>;
}

/** One thing a schema refuses. */
export interface SchemaFault {
  /** Where in the configuration, such as `env.ENABLE_MULTI_NIC`. */
  readonly path: string;
  /** What is wrong there; undefined if the schema has no such place at all. */
  readonly rule: string | undefined;
}

/** Where the schemas are kept. `npm run refresh:cni-schema -- <version>` fetches one. */
export const SCHEMAS = join(__dirname, 'schemas');

/** The form of a version of the add-on; it is also the name of the file its schema is in. */
export const ADDON_VERSION = /^v(\d+)\.(\d+)\.(\d+)-eksbuild\.\d+$/;

const compiled = new Map<string, ValidateFunction>();

/** What the schema of exactly that version refuses; undefined if it is not kept here. */
export function schemaFaults(
  addonVersion: string,
  configuration: Readonly<Record<string, unknown>>,
  folder = SCHEMAS,
): readonly SchemaFault[] | undefined {
  const file = join(folder, `${addonVersion}.json`);
  if (!ADDON_VERSION.test(addonVersion) || (!compiled.has(file) && !existsSync(file))) return undefined;
  const validate = compiled.get(file) ?? compileSchema(read(file).configurationSchema);
  compiled.set(file, validate);
  return validate(configuration) ? [] : (validate.errors ?? []).map(toFault);
}

/** Makes a check of a schema; throws if it is no JSON schema. */
export function compileSchema(schema: ConfigurationSchema['configurationSchema']): ValidateFunction {
  // not strict: the schemas of EKS carry words that have no effect where they stand
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  ajv.addMetaSchema(draft06);
  // EKS checks these on texts; Go's strconv.ParseBool is what the CNI reads booleans with
  ajv.addFormat('boolean', /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/);
  ajv.addFormat('integer', /^[+-]?\d+$/);
  return ajv.compile(schema);
}

function read(file: string): ConfigurationSchema {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isPlainObject(content) || !isPlainObject(content.configurationSchema)) {
    throw new Error(`${file} holds no schema; \`npm run refresh:cni-schema\` makes it anew`);
  }
  return content as unknown as ConfigurationSchema;
}

function toFault({ instancePath, keyword, params, message }: ErrorObject): SchemaFault {
  const path = instancePath.split('/').slice(1);
  if (keyword === 'additionalProperties') {
    return { path: [...path, String(params.additionalProperty)].join('.'), rule: undefined };
  }
  const allowed = keyword === 'enum' ? ` (${(params.allowedValues as readonly unknown[]).join(', ')})` : '';
  return { path: path.join('.'), rule: `${message ?? keyword}${allowed}` };
}

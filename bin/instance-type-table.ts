import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';

/** The columns of lib/compute/instance-types.json, in their order. */
export const COLUMNS = ['interfaces', 'ipv4PerInterface', 'vCpus', 'prefixDelegation', 'branchInterfaces'] as const;

type Column = (typeof COLUMNS)[number];

/** What one type's row says; null is unknown. */
export type Row = readonly [
  interfaces: number,
  ipv4PerInterface: number,
  vCpus: number | null,
  prefixDelegation: 0 | 1,
  branchInterfaces: number | null,
];

/** The table of instance types, as its file holds it. */
export interface InstanceTypeTable {
  /** Where all but the branch interfaces come from. */
  readonly source: string;
  /** The day that was read. */
  readonly date: string;
  /** Where the branch interfaces come from: no API of AWS tells them. */
  readonly branchSource: string;
  /** The rows, by instance type. */
  readonly types: Readonly<Record<string, Row>>;
}

/** What EC2 answers about a type, as far as it matters here; also as the AWS CLI prints it. */
export type Described = Pick<
  InstanceTypeInfo,
  'InstanceType' | 'NetworkInfo' | 'VCpuInfo' | 'Hypervisor' | 'BareMetal'
>;

/** The rows with what EC2 answers in them; what it does not tell, and types it does not name, stay as they are. */
export function withDescribed(
  types: Readonly<Record<string, Row>>,
  described: readonly Described[],
): Readonly<Record<string, Row>> {
  const told = described.flatMap(({ InstanceType: type, NetworkInfo: network, VCpuInfo, Hypervisor, BareMetal }) => {
    const before = type === undefined ? undefined : types[type];
    const card = network?.NetworkCards?.find(
      ({ NetworkCardIndex }) => NetworkCardIndex === (network.DefaultNetworkCardIndex ?? 0),
    );
    const interfaces = card?.MaximumNetworkInterfaces ?? network?.MaximumNetworkInterfaces ?? before?.[0];
    const ipv4PerInterface = network?.Ipv4AddressesPerInterface ?? before?.[1];
    const silent = Hypervisor === undefined && BareMetal === undefined;
    const prefixes = silent ? before?.[3] : Hypervisor === 'nitro' || BareMetal === true ? 1 : 0;
    if (type === undefined || interfaces === undefined || ipv4PerInterface === undefined) return [];
    if (prefixes === undefined) return [];
    const vCpus = VCpuInfo?.DefaultVCpus ?? before?.[2] ?? null;
    const row: Row = [interfaces, ipv4PerInterface, vCpus, prefixes, before?.[4] ?? null];
    return [[type, row] as const];
  });
  return sorted({ ...types, ...Object.fromEntries(told) });
}

/** The rows of a CSV and the columns it has of them. */
export interface CsvRows {
  /** All rows, those of the CSV among them. */
  readonly types: Readonly<Record<string, Row>>;
  /** The columns the CSV has. */
  readonly columns: readonly Column[];
}

/** Lays a CSV over the rows: `instanceType` and any of the columns in its first line; an empty cell is unknown. */
export function withCsv(types: Readonly<Record<string, Row>>, csv: string): CsvRows {
  const [head = [], ...lines] = csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const [first, ...named] = head;
  const columns = named.flatMap((name) => COLUMNS.find((column) => column === name) ?? []);
  if (first !== 'instanceType' || columns.length === 0 || columns.length < named.length) {
    throw new Error(`its first line must be instanceType and some of ${COLUMNS.join(', ')}, got ${head.join(',')}`);
  }
  const told = lines.map(([type = '', ...cells]): [string, Row] => {
    const row: (number | null)[] = [...(types[type] ?? [null, null, null, null, null])];
    columns.forEach((column, index) => {
      row[COLUMNS.indexOf(column)] = number(cells[index] ?? '', `${type}: ${column}`);
    });
    const [interfaces, ipv4PerInterface, vCpus = null, prefixes, branches = null] = row;
    if (type === '' || interfaces == null || ipv4PerInterface == null || (prefixes !== 0 && prefixes !== 1)) {
      throw new Error(`${type || 'a line'} must have interfaces, ipv4PerInterface and a prefixDelegation of 0 or 1`);
    }
    return [type, [interfaces, ipv4PerInterface, vCpus, prefixes, branches]];
  });
  return { types: sorted({ ...types, ...Object.fromEntries(told) }), columns };
}

function number(cell: string, where: string): number | null {
  if (cell === '') return null;
  if (/^\d+$/.test(cell)) return Number(cell);
  throw new Error(`${where} must be a whole number or empty, got ${cell}`);
}

/** What is in one table and not in the other. */
export interface TableDifference {
  /** New types, each with its row in words. */
  readonly added: readonly string[];
  /** Changed types, each with what changed. */
  readonly changed: readonly string[];
}

/** What a new table has that the old one has not. */
export function tableDifference(
  before: Readonly<Record<string, Row>>,
  after: Readonly<Record<string, Row>>,
): TableDifference {
  const names = Object.keys(after);
  return {
    added: names
      .filter((type) => before[type] === undefined)
      .map(
        (type) => `${type}: ${COLUMNS.map((column, index) => `${column} ${shown(after[type]?.[index])}`).join(', ')}`,
      ),
    changed: names.flatMap((type) => {
      const [from, to] = [before[type], after[type]];
      const changes = COLUMNS.flatMap((column, index) =>
        from === undefined || from[index] === to?.[index]
          ? []
          : [`${column} ${shown(from[index])} → ${shown(to?.[index])}`],
      );
      return changes.length === 0 ? [] : [`${type}: ${changes.join(', ')}`];
    }),
  };
}

function shown(value: number | null | undefined): string {
  return value == null ? 'unknown' : String(value);
}

/** The text of the file: one line for each type, so that a change is reviewed as a diff. */
export function tableText({ source, date, branchSource, types }: InstanceTypeTable): string {
  const fields = Object.entries({ source, date, branchSource }).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const columns = `  "columns": [${COLUMNS.map((column) => JSON.stringify(column)).join(', ')}],`;
  const rows = Object.entries(sorted(types)).map(
    ([type, row]) => `    ${JSON.stringify(type)}: ${JSON.stringify(row)}`,
  );
  return ['{', ...fields, columns, '  "types": {', rows.join(',\n'), '  }', '}', ''].join('\n');
}

function sorted(types: Readonly<Record<string, Row>>): Readonly<Record<string, Row>> {
  return Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import {
  tableDifference,
  tableText,
  withCsv,
  withDescribed,
  type Described,
  type InstanceTypeTable,
  type Row,
} from '../../bin/instance-type-table';

const root = path.join(__dirname, '..', '..');
const TABLE = path.join(root, 'lib', 'compute', 'instance-types.json');

/** As EC2 answers, cut to what is read. */
const m7g: Described = {
  InstanceType: 'm7g.large',
  BareMetal: false,
  Hypervisor: 'nitro',
  VCpuInfo: { DefaultVCpus: 2 },
  NetworkInfo: {
    MaximumNetworkInterfaces: 3,
    Ipv4AddressesPerInterface: 10,
    DefaultNetworkCardIndex: 0,
    NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 3 }],
  },
};
const p5: Described = {
  InstanceType: 'p5.48xlarge',
  BareMetal: false,
  Hypervisor: 'nitro',
  VCpuInfo: { DefaultVCpus: 192 },
  NetworkInfo: {
    MaximumNetworkInterfaces: 64,
    Ipv4AddressesPerInterface: 50,
    DefaultNetworkCardIndex: 1,
    NetworkCards: [
      { NetworkCardIndex: 0, MaximumNetworkInterfaces: 1 },
      { NetworkCardIndex: 1, MaximumNetworkInterfaces: 2 },
    ],
  },
};
const metal: Described = {
  InstanceType: 'm5.metal',
  BareMetal: true,
  NetworkInfo: { MaximumNetworkInterfaces: 15, Ipv4AddressesPerInterface: 50 },
};
const m4: Described = {
  InstanceType: 'm4.large',
  Hypervisor: 'xen',
  NetworkInfo: { MaximumNetworkInterfaces: 2, Ipv4AddressesPerInterface: 10 },
};

const ROWS: Readonly<Record<string, Row>> = { 'm5.metal': [15, 50, 96, 1, 120], 'm7g.large': [3, 10, 2, 1, 9] };

describe('what EC2 answers', () => {
  test.each<[string, Described, Row]>([
    ['a new type, its branch interfaces unknown', p5, [2, 50, 192, 1, null]],
    ['a type of bare metal takes prefixes; what is not told stays', metal, [15, 50, 96, 1, 120]],
    ['a Xen type takes none', m4, [2, 10, null, 0, null]],
    ['a changed type keeps its branch interfaces', { ...m7g, VCpuInfo: { DefaultVCpus: 4 } }, [3, 10, 4, 1, 9]],
  ])('becomes a row: %s', (_, described, row) => {
    expect(withDescribed(ROWS, [described])[described.InstanceType!]).toEqual(row);
  });

  test('leaves what it does not name, and skips a new type without limits', () => {
    expect(withDescribed(ROWS, [{ InstanceType: 'm7g.xlarge' }, {}])).toEqual(ROWS);
    expect(withDescribed(ROWS, [{ InstanceType: 'm7g.large' }])).toEqual(ROWS);
    expect(withDescribed(ROWS, [{ ...m4, Hypervisor: undefined }])).toEqual(ROWS);
  });

  test('is sorted into the rest', () => {
    expect(Object.keys(withDescribed(ROWS, [p5, m4]))).toEqual(['m4.large', 'm5.metal', 'm7g.large', 'p5.48xlarge']);
  });
});

describe('a CSV', () => {
  test('changes the cells it has; an empty one is unknown', () => {
    const { types, columns } = withCsv(ROWS, 'instanceType,branchInterfaces\r\nm7g.large,12\r\nm5.metal,\r\n');
    expect(types).toEqual({ 'm5.metal': [15, 50, 96, 1, null], 'm7g.large': [3, 10, 2, 1, 12] });
    expect(columns).toEqual(['branchInterfaces']);
  });

  test('adds a type that it tells enough of', () => {
    const csv = 'instanceType, prefixDelegation, ipv4PerInterface, interfaces\nm9g.large, 1, 20, 3\n';
    expect(withCsv(ROWS, csv).types['m9g.large']).toEqual([3, 20, null, 1, null]);
  });

  test.each([
    ['type,vCpus\nm7g.large,2', /^its first line must be instanceType and some of .*, got type,vCpus$/],
    ['instanceType\nm7g.large', /^its first line must be/],
    ['instanceType,cpus\nm7g.large,2', /^its first line must be/],
    ['instanceType,vCpus\nm7g.large,two', /^m7g.large: vCpus must be a whole number or empty, got two$/],
    ['instanceType,vCpus\nm9g.large,2', /^m9g.large must have interfaces, ipv4PerInterface and a prefixDelegation/],
    ['instanceType,prefixDelegation\nm7g.large,2', /^m7g.large must have .* prefixDelegation of 0 or 1$/],
  ])('%j is refused', (csv, message) => {
    expect(() => withCsv(ROWS, csv)).toThrow(message);
  });
});

test('a difference names the columns', () => {
  const after = withDescribed(ROWS, [p5, { ...m7g, VCpuInfo: { DefaultVCpus: 4 } }]);
  expect(tableDifference(ROWS, after)).toEqual({
    added: ['p5.48xlarge: interfaces 2, ipv4PerInterface 50, vCpus 192, prefixDelegation 1, branchInterfaces unknown'],
    changed: ['m7g.large: vCpus 2 → 4'],
  });
  expect(tableDifference(ROWS, ROWS)).toEqual({ added: [], changed: [] });
});

test('the file of the table is as it would be written', () => {
  const text = readFileSync(TABLE, 'utf8');
  expect(tableText(JSON.parse(text) as InstanceTypeTable)).toBe(text);
});

describe('npm run refresh:instance-types', () => {
  let folder: string;
  let table: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'instance-types-'));
    table = path.join(folder, 'table.json');
    copyFileSync(TABLE, table);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  interface Ended {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  /** Not spawnSync: the EC2 of the last test answers from this process. */
  function refresh(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const tsx = require.resolve('tsx/cli');
    const command = [tsx, path.join(root, 'bin', 'refresh-instance-types.ts'), '--table', table, ...args];
    const quiet = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env };
    return new Promise((resolve) => {
      execFile(process.execPath, command, { cwd: folder, env: quiet }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  function answer(types: readonly Described[]): string {
    const file = path.join(folder, 'answer.json');
    writeFileSync(file, JSON.stringify({ InstanceTypes: types }));
    return file;
  }

  test('a saved answer is compared, and written only when told to', async () => {
    const from = answer([
      { ...m7g, InstanceType: 'm99g.large' as never },
      { ...m7g, VCpuInfo: { DefaultVCpus: 4 } },
    ]);
    const compared = await refresh(['--from', from]);
    expect(compared).toMatchObject({ status: 0, stderr: '' });
    expect(compared.stdout).toContain('added (1)\n  m99g.large: interfaces 3');
    expect(compared.stdout).toContain('changed (1)\n  m7g.large: vCpus 2 → 4\n');
    expect(compared.stdout).toMatch(/^gone; their rows stay, .* \(1391\)$/m);
    expect(compared.stdout).toContain('2 differences. Nothing was written: --write does that.\n');
    expect(readFileSync(table, 'utf8')).toBe(readFileSync(TABLE, 'utf8'));

    expect((await refresh(['--from', from, '--write'])).stdout).toContain('2 differences written.');
    const written = JSON.parse(readFileSync(table, 'utf8')) as InstanceTypeTable;
    expect(written.source).toBe('ec2:DescribeInstanceTypes, a saved answer');
    expect(written.types).toMatchObject({ 'm99g.large': [3, 10, 2, 1, null], 'm7g.large': [3, 10, 4, 1, 9] });
    expect(Object.keys(written.types)).toHaveLength(1393);
    expect(readdirSync(folder).sort()).toEqual(['answer.json', 'table.json']);
    expect((await refresh(['--from', from])).stdout).toMatch(/The table says what its source says\.\n$/);
  });

  test('a CSV of branch interfaces changes nothing else', async () => {
    const from = path.join(folder, 'branches.csv');
    writeFileSync(from, 'instanceType,branchInterfaces\nc9g.large,9\n');
    const { stdout } = await refresh(['--from', from, '--write']);
    expect(stdout).toContain('changed (1)\n  c9g.large: branchInterfaces unknown → 9\n');
    const [before, after] = [TABLE, table].map((file) => JSON.parse(readFileSync(file, 'utf8')) as InstanceTypeTable);
    expect(after).toEqual({
      ...before,
      branchSource: expect.stringMatching(/^branches\.csv of \d{4}-\d\d-\d\d; before: /) as string,
      types: { ...before!.types, 'c9g.large': [...before!.types['c9g.large']!.slice(0, 4), 9] },
    });
  });

  test.each([
    [['--wrote'], 'unknown option'],
    [['more'], 'too many arguments'],
    [['--from', 'answer.txt'], 'It must be a .json or a .csv file.'],
    [['--from', 'answer.json', '--region', 'eu-west-1'], 'cannot be used with'],
  ])('wrong use exits 2: %j', async (args, message) => {
    const { status, stderr } = await refresh(args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test('what cannot be read exits 1 with a sentence', async () => {
    writeFileSync(path.join(folder, 'broken.json'), '{');
    writeFileSync(path.join(folder, 'other.json'), '{}');
    for (const [file, message] of [
      ['missing.json', 'missing.json cannot be read as instance types: ENOENT'],
      ['broken.json', 'broken.json cannot be read as instance types: Expected property name'],
      ['other.json', 'other.json cannot be read as instance types: `InstanceTypes` must be in it'],
    ] as const) {
      const { status, stderr } = await refresh(['--from', file]);
      expect({ status, sentence: stderr.startsWith(message) && !stderr.includes('\n    at ') }).toEqual({
        status: 1,
        sentence: true,
      });
    }
  });

  test('without a region or credentials it says what to do', async () => {
    expect(await refresh([])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^No region: give --region, or set AWS_REGION\.\n.*\n$/) as string,
    });
    expect(await refresh(['--region', 'eu-west-1'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^Asking EC2 in eu-west-1 …\nNo AWS credentials: set AWS_PROFILE or sign in, .*\n.*\n$/,
      ) as string,
    });
  });

  test('EC2 is asked page by page', async () => {
    const page = (type: string, vCpus: number, next: string): string =>
      `<DescribeInstanceTypesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceTypeSet><item>
        <instanceType>${type}</instanceType><bareMetal>false</bareMetal><hypervisor>nitro</hypervisor>
        <vCpuInfo><defaultVCpus>${vCpus}</defaultVCpus></vCpuInfo>
        <networkInfo><ipv4AddressesPerInterface>10</ipv4AddressesPerInterface>
          <maximumNetworkInterfaces>3</maximumNetworkInterfaces><defaultNetworkCardIndex>0</defaultNetworkCardIndex>
          <networkCards><item><networkCardIndex>0</networkCardIndex>
            <maximumNetworkInterfaces>3</maximumNetworkInterfaces></item></networkCards></networkInfo>
      </item></instanceTypeSet>${next}</DescribeInstanceTypesResponse>`;
    const asked: string[] = [];
    let refused = false;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push(body);
        if (refused) {
          response
            .writeHead(403)
            .end(
              '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>',
            );
        } else if (body.includes('NextToken=two')) response.end(page('m99g.large', 2, ''));
        else response.end(page('m7g.large', 2, '<nextToken>two</nextToken>'));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const env = {
        AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'ap-northeast-1',
      };
      const { status, stdout } = await refresh(['--write'], env);
      expect(status).toBe(0);
      expect(asked).toHaveLength(2);
      expect(stdout).toContain('added (1)\n  m99g.large: interfaces 3');
      const written = JSON.parse(readFileSync(table, 'utf8')) as InstanceTypeTable;
      expect(written.source).toBe('ec2:DescribeInstanceTypes, ap-northeast-1');
      expect(written.date).toBe(new Date().toISOString().slice(0, 10));

      refused = true;
      expect(await refresh([], env)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('The credentials need ec2:DescribeInstanceTypes.\n') as string,
      });
    } finally {
      server.close();
    }
  });
});

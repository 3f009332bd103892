import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type * as Filter from '../../../lib/logs/filter';
import { FILTER_VARIABLES } from '../../../lib/logs/deployed';
import type { FilterHandler, FirehoseAnswer } from '../../../lib/logs/filter/parts';
import { unmarked } from '../../../lib/logs/filter/reingestion-mark';

/** The function as Lambda loads it, with what it asks of AWS answered by a server of ours. */
const RULES = {
  version: 1,
  rules: [
    { id: 'noise', action: 'drop', match: { namespace: 'noise' } },
    { id: 'live', action: 'keep', match: { namespace: 'live' }, to: ['archive', 'cloudwatch'] },
  ],
};
const VARIABLES: Readonly<Record<string, string>> = {
  [FILTER_VARIABLES.stream]: 'dev-logs',
  [FILTER_VARIABLES.unparsedStream]: 'dev-logs-unparsed',
  [FILTER_VARIABLES.platform]: 'dev',
  [FILTER_VARIABLES.application]: 'app',
  [FILTER_VARIABLES.environment]: 'env',
  [FILTER_VARIABLES.profile]: 'rules',
  [FILTER_VARIABLES.hotGroup]: '/dev/hot',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

interface Asked {
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const before = { ...process.env };
const asked: Asked[] = [];
let printed: string[];
let streamMade = false;
let server: Server;
let handler: FilterHandler;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const what = typeof target === 'string' ? target.replace(/^.*\./, '') : `${request.method} ${request.url}`;
      const text = Buffer.concat(chunks).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
      asked.push({ what, body });
      const { status = 200, headers = {}, answer } = answerTo(what, body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  ({ handler } = jest.requireActual<typeof Filter>('../../../lib/logs/filter')); // it reads its variables when it is loaded
});

beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  asked.length = 0;
});

afterEach(() => jest.restoreAllMocks());

afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

function answerTo(
  what: string,
  body: Readonly<Record<string, unknown>>,
): { status?: number; headers?: Record<string, string>; answer: unknown } {
  if (what === 'POST /configurationsessions') return { answer: { InitialConfigurationToken: 'first' } };
  if (what.startsWith('GET /configuration?')) {
    const headers = { 'next-poll-configuration-token': 'next', 'next-poll-interval-in-seconds': '15' };
    return { headers, answer: RULES };
  }
  if (what === 'PutRecordBatch') {
    const Records = body.Records as unknown[];
    return { answer: { FailedPutCount: 0, RequestResponses: Records.map((_, index) => ({ RecordId: `r${index}` })) } };
  }
  if (what === 'PutLogEvents' && !streamMade) return { status: 400, answer: { __type: 'ResourceNotFoundException' } };
  if (what === 'CreateLogStream') streamMade = true;
  return { answer: {} };
}

function decide(...records: readonly Buffer[]): Promise<FirehoseAnswer> {
  return handler(
    { records: records.map((data, index) => ({ recordId: String(index), data: data.toString('base64') })) },
    { getRemainingTimeInMillis: () => 60_000 },
  );
}

const line = (namespace: string, log = 'x'): string =>
  `${JSON.stringify({ log, kubernetes: { namespace_name: namespace, pod_name: 'p', container_name: 'c' } })}\n`;
const textOf = (data = ''): string => Buffer.from(data, 'base64').toString();
const recordsOf = (stream: string): string[] =>
  asked
    .filter(({ what, body }) => what === 'PutRecordBatch' && body.DeliveryStreamName === stream)
    .flatMap(({ body }) => (body.Records as { Data: string }[]).map(({ Data }) => Data));

test('a batch is decided by the rules in AppConfig, copied, and what is no record goes where it belongs', async () => {
  const { records } = await decide(Buffer.from(`${line('noise')}${line('shop')}${line('live')}no JSON\n`));
  expect(records.map(({ result, data }) => [result, textOf(data)])).toEqual([['Ok', `${line('shop')}${line('live')}`]]);
  expect(asked.map(({ what }) => what).sort()).toEqual([
    'CreateLogStream',
    'GET /configuration?configuration_token=first',
    'POST /configurationsessions',
    'PutLogEvents',
    'PutLogEvents',
    'PutRecordBatch',
  ]);
  expect(asked.find(({ what }) => what === 'POST /configurationsessions')?.body).toEqual({
    ApplicationIdentifier: 'app',
    EnvironmentIdentifier: 'env',
    ConfigurationProfileIdentifier: 'rules',
    RequiredMinimumPollIntervalInSeconds: 15,
  });
  expect(asked.filter(({ what }) => what === 'PutLogEvents').at(-1)?.body).toMatchObject({
    logGroupName: '/dev/hot',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}$/) as string,
    logEvents: [{ message: line('live').trimEnd() }],
  });
  expect(recordsOf('dev-logs-unparsed').map((data) => JSON.parse(textOf(data)) as unknown)).toEqual([
    { raw: 'no JSON', error: expect.any(String) as string },
  ]);
  expect(printed.map((each) => JSON.parse(each) as unknown)).toContainEqual(
    expect.objectContaining({ Stream: 'dev-logs', InRecords: 4, DroppedRecords: 1, Unparsed: 1, HotRecords: 1 }),
  );
});

test('what no answer holds goes into its own stream once more, marked', async () => {
  const lines = Array.from({ length: 7_000 }, () => line('shop', 'x'.repeat(1_000)));
  const { records } = await decide(Buffer.from(line('shop')), gzipSync(lines.join('')));
  expect(records.map(({ result }) => result)).toEqual(['Ok', 'Dropped']);
  const again = recordsOf('dev-logs').map((data) => unmarked(Buffer.from(data, 'base64')));
  expect(again.length).toBeGreaterThan(0);
  expect(again.every(({ marked }) => marked)).toBe(true);
});

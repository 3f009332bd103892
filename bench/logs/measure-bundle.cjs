/** Loads the filter's bundle in a fresh process: `load` says how long that takes, `memory` what batches of 3 MB need. */
const { readFileSync } = require('node:fs');

const [file, mode, batch] = process.argv.slice(2);
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  LOGS_STREAM: 'bench',
  LOGS_PLATFORM: 'bench',
  LOGS_RULES_APPLICATION: 'a',
  LOGS_RULES_ENVIRONMENT: 'e',
  LOGS_RULES_PROFILE: 'p',
  // nobody answers there: the filter keeps everything, as on a cold start without rules
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
});
console.log = () => {};
// the SDK is part of the runtime
for (const name of ['appconfigdata', 'cloudwatch-logs', 'firehose']) require(`@aws-sdk/client-${name}`);

const started = process.hrtime.bigint();
const { handler } = require(file);
const load = Number(process.hrtime.bigint() - started) / 1e6;

async function peak() {
  const event = JSON.parse(readFileSync(batch, 'utf8'));
  for (let i = 0; i < 50; i++) await handler(event, { getRemainingTimeInMillis: () => 60_000 });
  return process.resourceUsage().maxRSS / 1024;
}

if (mode === 'load') process.stdout.write(JSON.stringify([load]));
else peak().then((mebibytes) => process.stdout.write(JSON.stringify([mebibytes])));

/**
 * An execution environment of a deployed function: loads the handler once and says so, then answers event after event. They
 * come on stdin, a line each; answers go to the file descriptor given, a line each. What the function prints is its log.
 */
const { Buffer } = require('node:buffer');
const { writeSync } = require('node:fs');
const path = require('node:path');
const { createInterface } = require('node:readline');

const [folder, handler, seconds, answers] = process.argv.slice(2);
const cut = handler.lastIndexOf('.');
const [file, name] = [handler.slice(0, cut), handler.slice(cut + 1)];

function answer(value) {
  const data = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < data.length;) at += writeSync(Number(answers), data, at);
}

function failure(error) {
  const known = error instanceof Error;
  return {
    error: {
      errorType: known ? error.name : typeof error,
      errorMessage: known ? error.message : String(error),
      trace: known ? String(error.stack).split('\n') : [],
    },
  };
}

async function main() {
  const module = require(path.resolve(folder, file));
  if (typeof module[name] !== 'function') throw new Error(`${file} exports no function ${name}`);
  answer({ ready: true });
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { id, event } = JSON.parse(line);
    const deadline = Date.now() + Number(seconds) * 1000;
    const context = {
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: '$LATEST',
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      awsRequestId: id,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    try {
      answer({ result: (await module[name](event, context)) ?? null });
    } catch (error) {
      answer(failure(error));
    }
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
});

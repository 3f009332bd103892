/** Runs one invocation of a deployed function: the event comes on stdin, the handler's code from the folder given. */
const path = require('node:path');

const [folder, handler, seconds] = process.argv.slice(2);
const deadline = Date.now() + Number(seconds) * 1000;
const cut = handler.lastIndexOf('.');
const [file, name] = [handler.slice(0, cut), handler.slice(cut + 1)];

const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: '$LATEST',
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: process.env.INVOCATION_ID,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
};

async function main() {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const module = require(path.resolve(folder, file));
  if (typeof module[name] !== 'function') throw new Error(`${file} exports no function ${name}`);
  await module[name](JSON.parse(text), context);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);

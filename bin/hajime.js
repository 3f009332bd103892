#!/usr/bin/env node
/** Runs the command line from its TypeScript, so that a clone needs no build. */
try {
  require('tsx/cjs');
  require('./hajime.ts');
} catch (error) {
  // a config/*.ts that does not run, or a fault of ours: one sentence, and the trace for who asks
  process.stderr.write(`hajime stopped: ${error instanceof Error ? error.message : error}\n`);
  if (process.env.DEBUG) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

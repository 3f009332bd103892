import * as cdk from 'aws-cdk-lib';
import { platforms } from '../config';
import { Platform } from '../lib/platform';
import { problems } from '../lib/problems';
import { problemList } from '../lib/validate';

const invalid = Object.entries(platforms).flatMap(([name, config]) => {
  const found = problems(config);
  return found.length === 0 ? [] : [problemList(`config/${name}.ts`, found)];
});
if (invalid.length > 0) {
  // the list is the message: a stack trace would only hide it
  process.stderr.write(`${invalid.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const app = new cdk.App();
  for (const [name, config] of Object.entries(platforms)) new Platform(app, name, config);
}

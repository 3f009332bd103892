import { rmSync } from 'node:fs';
import * as path from 'node:path';
import { CloudFormationClient, DescribeStackEventsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { createColors } from 'picocolors';
import { platforms } from '../config';
import type { PlatformConfig } from '../lib/platform-config';
import { problems } from '../lib/problems';
import { problemList } from '../lib/validate';
import { Cdk, type Outcome } from './cdk';
import { Failure } from './failure';
import { Run } from './interrupt';
import { ask, runningLocalAws, startLocalAws, stopLocalAws, type Health, type LocalAws } from './local-aws';
import { takeLock } from './lock';
import { STATE } from './places';
import { Progress } from './progress';
import { pythonEnvironment } from './python';
import { showPlatform } from './show';
import { table } from './table';

const colour = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** Options of the commands that may start the local AWS. */
export interface UpOptions {
  /** The port on 127.0.0.1; any free one if left out. */
  readonly port?: number;
}

/** Starts the local AWS, or says that it runs. */
export async function up({ port }: UpOptions): Promise<void> {
  await alone('hajime sandbox up', async (run, progress) => {
    const { aws, keep, fresh } = await localAws(run, progress, port);
    keep();
    progress.done();
    say(fresh ? `The local AWS runs at ${aws.endpoint}.` : `The local AWS runs already, at ${aws.endpoint}.`);
    say('Next: npx hajime sandbox deploy dev');
  });
}

/** Deploys a platform to the local AWS. */
export async function deploy(platform: string, config: PlatformConfig, options: UpOptions): Promise<void> {
  await alone('hajime sandbox deploy', async (run, progress) => {
    check(platform, config);
    const { aws, keep } = await localAws(run, progress, options.port);
    const cdk = await Cdk.in(run, aws, config.env);
    progress.step('Synthesizing');
    await cdk.synth();
    const result = await deployed(cdk, progress, platform);
    keep();
    await report(cdk, platform, result);
  });
}

/** Everything from nothing: the local AWS, the platform on it, and a look at what was built. */
export async function start(platform: string, config: PlatformConfig, options: UpOptions): Promise<void> {
  await alone('hajime start', async (run, progress) => {
    progress.step('Checking config/');
    check(platform, config);
    progress.done('no problems');
    const { aws, keep } = await localAws(run, progress, options.port);
    const cdk = await Cdk.in(run, aws, config.env);
    progress.step('Synthesizing');
    await cdk.synth();
    const first = await deployed(cdk, progress, platform);
    progress.step(`Deploying ${platform} again`);
    const again = await cdk.deploy(platform, (note) => progress.note(note));
    const moved = [...again].filter(([, outcome]) => outcome !== 'unchanged').map(([stack]) => stack);
    if (moved.length > 0)
      throw new Failure(`The second deployment changed ${moved.join(', ')}; it should change nothing.`);
    progress.done('no changes');
    keep();
    say('');
    say(await showPlatform(cdk, platform, colour.bold));
    say('');
    await report(cdk, platform, first);
    say(nextSteps(platform, config));
  });
}

/** Deletes a platform from the local AWS and says what was kept. */
export async function destroy(platform: string, config: PlatformConfig): Promise<void> {
  await alone('hajime sandbox destroy', async (run, progress) => {
    const aws = await runningLocalAws();
    if (aws === undefined) throw new Failure('The local AWS does not run: there is nothing to destroy.');
    const cdk = await Cdk.in(run, aws, config.env);
    progress.step('Synthesizing');
    await cdk.synth();
    progress.step(`Destroying ${platform}`);
    await cdk.destroy(platform, (note) => progress.note(note));
    progress.done();
    const kept = await retained(cdk, platform);
    if (kept.length === 0) say(`Nothing of ${platform} is left.`);
    else say(`${platform} is gone. Kept, because it holds data:\n${table(['Stack', 'Resource', 'Id'], kept)}`);
  });
}

/** Ends the local AWS, with all that is in it. */
export async function down(): Promise<void> {
  await alone('hajime sandbox down', async () => {
    say(
      (await stopLocalAws())
        ? 'The local AWS has ended, and all that was in it is gone.'
        : 'The local AWS does not run.',
    );
    rmSync(path.join(STATE, 'cdk.out'), { recursive: true, force: true });
  });
}

/** Says what runs. */
export async function status({ json }: { readonly json?: true }): Promise<void> {
  const aws = await runningLocalAws();
  const health = aws === undefined ? undefined : await ask<Health>(aws, 'health');
  if (json === true)
    say(JSON.stringify(health === undefined ? { running: false } : { running: true, ...aws, ...health }, null, 2));
  else if (aws === undefined || health === undefined)
    say('The local AWS does not run. Start it: npx hajime sandbox up');
  else {
    say(`The local AWS runs at ${aws.endpoint} (process ${aws.pid}, since ${health.started}).`);
    const rows = health.stacks.map(({ name, status: now, account, region }) => [name, now, account, region]);
    if (rows.length > 0) say(table(['Stack', 'Status', 'Account', 'Region'], rows));
  }
}

async function deployed(cdk: Cdk, progress: Progress, platform: string): Promise<ReadonlyMap<string, Outcome>> {
  progress.step(`Bootstrapping ${cdk.where.account} in ${cdk.where.region}`);
  await cdk.bootstrap();
  progress.step(`Deploying ${platform}`);
  const result = await cdk.deploy(platform, (note) => progress.note(note));
  progress.done(summary(result));
  return result;
}

/** The local AWS that runs, or a new one that ends with the run unless it is kept. */
async function localAws(
  run: Run,
  progress: Progress,
  port: number | undefined,
): Promise<{ aws: LocalAws; keep: () => void; fresh: boolean }> {
  const running = await runningLocalAws();
  if (running !== undefined) {
    if (port !== undefined && port !== running.port)
      throw new Failure(`The local AWS runs already, on port ${running.port}. End it first: npx hajime sandbox down`);
    return { aws: running, keep: () => undefined, fresh: false };
  }
  const python = await pythonEnvironment(run, (step) => progress.step(step));
  progress.step('Starting the local AWS');
  const [account = '111122223333'] = Object.values(platforms).map(({ env }) => env.account);
  return { ...(await startLocalAws(run, python, account, port ?? 0)), fresh: true };
}

/** Runs a command that changes the sandbox, with nobody else beside it. */
async function alone(command: string, work: (run: Run, progress: Progress) => Promise<void>): Promise<void> {
  const progress = new Progress();
  await Run.of(async (run) => {
    run.atEnd(takeLock(command));
    try {
      await work(run, progress);
      progress.done();
    } catch (error) {
      progress.failed();
      throw error;
    } finally {
      if (run.signal.aborted) progress.failed();
    }
  });
}

function check(platform: string, config: PlatformConfig): void {
  const found = problems(config);
  if (found.length > 0) throw new Failure(problemList(`config/${platform}.ts`, found));
}

/** Resources that outlived their stacks. */
async function retained(cdk: Cdk, platform: string): Promise<string[][]> {
  const cloudFormation = new CloudFormationClient(cdk.client);
  const { StackSummaries = [] } = await cloudFormation.send(
    new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
  );
  const rows: string[][] = [];
  for (const { StackId, StackName = '' } of StackSummaries) {
    if (!StackName.startsWith(`${platform}-`)) continue;
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: StackId }));
    for (const { ResourceStatus, ResourceType = '', PhysicalResourceId = '' } of StackEvents)
      if (ResourceStatus === 'DELETE_SKIPPED') rows.push([StackName, ResourceType, PhysicalResourceId]);
  }
  return rows;
}

function summary(result: ReadonlyMap<string, Outcome>): string {
  const counts = new Map<Outcome, number>();
  for (const outcome of result.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

async function report(cdk: Cdk, platform: string, result: ReadonlyMap<string, Outcome>): Promise<void> {
  for (const outcome of ['created', 'updated', 'unchanged'] as const) {
    const stacks = [...result].filter(([, one]) => one === outcome).map(([stack]) => stack);
    if (stacks.length > 0) say(`${outcome.padEnd(9)} ${stacks.join(', ')}`);
  }
  for (const stack of await cdk.leftOver(platform)) {
    say(
      `${colour.yellow('left over')} ${stack}: the config has no need of it any more, and cdk deploy does not delete it.`,
    );
    say(`          In a real account: aws cloudformation delete-stack --stack-name ${stack}`);
  }
}

function nextSteps(platform: string, { env }: PlatformConfig): string {
  return `
Next
  change config/${platform}.ts and run npm start again: exactly the change is deployed
  npx hajime sandbox status                 what runs
  npx hajime sandbox down                   ends the local AWS
  to a real account, with your own credentials (README, "Deploying to a real account"):
  npx cdk bootstrap aws://${env.account}/${env.region}
  npx cdk deploy '${platform}/*' --concurrency 4`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

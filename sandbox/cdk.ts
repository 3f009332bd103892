import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { runCommand, type Ended } from './command';
import { localAwsEnvironment, type Credentials } from './environment';
import { diskFull, Failure } from './failure';
import type { Run } from './interrupt';
import { credentialsFor, type LocalAws } from './local-aws';
import { ROOT, STATE } from './places';

/** An account in a region, as a platform's config names it. */
export interface Environment {
  /** 12 digits. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
}

/** What came of one stack of a deployment. */
export type Outcome = 'created' | 'updated' | 'unchanged';

const CLI = path.join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
/** Resource events, as the command line prints them: stack, how many of how many, when, status. */
const EVENT = /^(\S+) +\| +(\d+)\/(\d+) \| [^|]+\| (\S+) /;

/** The CDK command line, speaking to the local AWS in one account and region. */
export class Cdk {
  private constructor(
    private readonly run: Run,
    readonly aws: LocalAws,
    readonly where: Environment,
    readonly credentials: Credentials,
    private readonly app: string,
  ) {}

  /** For one account and region, and the synthesized app in a folder. */
  static async in(run: Run, aws: LocalAws, where: Environment, app = path.join(STATE, 'cdk.out')): Promise<Cdk> {
    return new Cdk(run, aws, where, await credentialsFor(aws, where.account), app);
  }

  /** Settings for clients of the SDK. */
  get client(): { region: string; endpoint: string; credentials: Credentials; maxAttempts: number } {
    return { region: this.where.region, endpoint: this.aws.endpoint, credentials: this.credentials, maxAttempts: 1 };
  }

  /** Synthesizes every platform. */
  async synth(): Promise<void> {
    const { code, output } = await this.call('synth', ['synth', '--quiet', '--output', this.app]);
    if (code !== 0)
      throw new Failure(diskFull(output, STATE) ?? `The app cannot be synthesized:\n${lastLines(output)}`);
  }

  /** Makes what deployments need, once per account and region. */
  async bootstrap(): Promise<void> {
    if ((await this.statusOf('CDKToolkit'))?.endsWith('_COMPLETE')) return;
    const { account, region } = this.where;
    // from a folder without cdk.json: this needs no app
    const result = await this.call('bootstrap', ['bootstrap', `aws://${account}/${region}`], undefined, STATE);
    if (result.code !== 0) throw new Failure(`The account cannot be bootstrapped:\n${lastLines(result.output)}`);
  }

  /** Deploys the stacks of a platform, or one of them, as many at a time as their order permits. */
  async deploy(platform: string, onNote: (note: string) => void, stack = '*'): Promise<ReadonlyMap<string, Outcome>> {
    const progress = new Map<string, string>();
    const before = new Date();
    const { code, output } = await this.call(
      'deploy',
      // events are told as they come; approval is for people in front of a real account
      [
        '--app',
        this.app,
        'deploy',
        `${platform}/${stack}`,
        '--concurrency',
        '4',
        '--require-approval',
        'never',
        '--progress',
        'events',
      ],
      (line) => {
        const [, stack = '', done, total] = EVENT.exec(line) ?? [];
        if (done === undefined) return;
        progress.set(stack.replace(`${platform}-`, ''), `${done}/${total}`);
        onNote([...progress].map(([name, count]) => `${name} ${count}`).join('  '));
      },
    );
    if (code !== 0) throw new Failure(await this.whyFailed(platform, before, output));
    return outcomes(output);
  }

  /** Whether what is deployed is what the app says, by the command line's own comparison. */
  async isInSync(platform: string): Promise<boolean> {
    const { code } = await this.call('diff', ['--app', this.app, 'diff', `${platform}/*`, '--fail']);
    return code === 0;
  }

  /** Deletes the stacks of a platform, in reverse order; first those its config has no need of any more. */
  async destroy(platform: string, onNote: (note: string) => void): Promise<void> {
    for (const stack of await this.leftOver(platform)) {
      onNote(stack);
      await this.deleteStack(stack);
    }
    const before = new Date();
    const { code, output } = await this.call(
      'destroy',
      ['--app', this.app, 'destroy', `${platform}/*`, '--force'],
      (line) => {
        const stack = EVENT.exec(line)?.[1];
        if (stack !== undefined) onNote(stack);
      },
    );
    if (code === 0) return;
    if (output.includes('TerminationProtection is enabled'))
      throw new Failure(
        `${platform} is protected: TerminationProtection is enabled on its stacks. To destroy it, set \`controlPlane.deletionProtection\` to false in config/${platform}.ts, deploy that, and destroy then.`,
      );
    throw new Failure(await this.whyFailed(platform, before, output));
  }

  /** Stacks of a platform that exist though the app has them no more: the command line does not know them. */
  async leftOver(platform: string): Promise<string[]> {
    const manifest = path.join(this.app, `assembly-${platform}`, 'manifest.json');
    const { artifacts } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      artifacts: Record<string, { type: string; properties?: { stackName?: string } }>;
    };
    const known = Object.values(artifacts).map(({ properties }) => properties?.stackName);
    return (await this.stacksOf(platform)).filter((stack) => !known.includes(stack));
  }

  /** Deletes a stack and waits until it is gone. */
  async deleteStack(name: string): Promise<void> {
    const cloudFormation = new CloudFormationClient(this.client);
    await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
    await waitUntilStackDeleteComplete(
      { client: cloudFormation, maxWaitTime: 300, minDelay: 1, maxDelay: 2 },
      { StackName: name },
    );
  }

  /** The names of the stacks of a platform that exist. */
  async stacksOf(platform: string): Promise<string[]> {
    const { Stacks = [] } = await new CloudFormationClient(this.client).send(new DescribeStacksCommand({}));
    return Stacks.map(({ StackName = '' }) => StackName).filter((name) => name.startsWith(`${platform}-`));
  }

  /** The status of a stack, if it exists. */
  async statusOf(stack: string): Promise<string | undefined> {
    const cloudFormation = new CloudFormationClient(this.client);
    try {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
      return Stacks[0]?.StackStatus;
    } catch {
      return undefined;
    }
  }

  /** Runs the command line; everything it prints goes to a log of its own. */
  private async call(
    name: string,
    args: readonly string[],
    onLine?: (line: string) => void,
    cwd = ROOT,
  ): Promise<Ended> {
    const logs = path.join(STATE, 'logs');
    mkdirSync(logs, { recursive: true });
    const log = createWriteStream(path.join(logs, `${name}.log`));
    log.on('error', () => undefined); // a full disk shows where it matters
    const env = localAwsEnvironment(this.aws.endpoint, this.where.region, this.credentials);
    const ended = await runCommand(this.run, [process.execPath, CLI, ...args], {
      env,
      cwd,
      onLine: (line) => {
        log.write(`${line}\n`);
        onLine?.(line);
      },
    });
    log.end();
    return ended;
  }

  /** The resources that failed and why, from CloudFormation itself; else what the command line said last. */
  private async whyFailed(platform: string, since: Date, output: string): Promise<string> {
    const cloudFormation = new CloudFormationClient(this.client);
    const reasons: string[] = [];
    for (const StackName of await this.stacksOf(platform)) {
      const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      for (const { Timestamp, ResourceStatus = '', ResourceStatusReason, LogicalResourceId } of StackEvents.reverse()) {
        const recent = Timestamp !== undefined && Timestamp >= since;
        const why = /_FAILED$|ROLLBACK_IN_PROGRESS$/.test(ResourceStatus);
        if (recent && why && ResourceStatusReason !== undefined)
          reasons.push(`  ${StackName} ${LogicalResourceId}: ${ResourceStatusReason}`);
      }
    }
    const told = reasons.length > 0 ? reasons.slice(0, 10).join('\n') : lastLines(output);
    return `${platform} could not be changed as asked:\n${told}\nEverything the command line said is in ${path.relative(ROOT, path.join(STATE, 'logs'))}.`;
  }
}

/** What the command line says came of each stack. */
export function outcomes(output: string): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (const line of output.split('\n')) {
    const [, stack, unchanged] = /✅ +\S+ \((\S+)\)( \(no changes\))?/.exec(line) ?? [];
    if (stack === undefined) continue;
    const created = new RegExp(`^${stack} +\\|.*\\| CREATE_COMPLETE +\\| AWS::CloudFormation::Stack `, 'm').test(
      output,
    );
    found.set(stack, unchanged !== undefined ? 'unchanged' : created ? 'created' : 'updated');
  }
  return found;
}

function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const refusals = lines.filter((line) => line.includes('❌'));
  return (refusals.length > 0 ? refusals : lines.slice(-12)).join('\n');
}

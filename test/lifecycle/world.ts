import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import * as cdk from 'aws-cdk-lib';
import { Platform } from '../../lib/platform';
import type { PlatformConfig } from '../../lib/platform-config';
import { Cdk, type Outcome } from '../../sandbox/cdk';
import { Run } from '../../sandbox/interrupt';
import { startLocalAws, type LocalAws } from '../../sandbox/local-aws';
import { STATE } from '../../sandbox/places';
import { pythonEnvironment } from '../../sandbox/python';
import flags from '../../cdk.json';

const AUTH = '/api/v1/namespaces/kube-system/configmaps/aws-auth';

/** The tests of one file are the steps of one life: after a step that failed the others would only repeat it. */
export function steps(): (name: string, work: () => Promise<void>) => void {
  let failed: string | undefined;
  return (name, work) =>
    void test(name, async () => {
      if (failed !== undefined) throw new Error(`not reached: "${failed}" failed`);
      failed = name;
      await work();
      failed = undefined;
    });
}

/** What a change set of a stack says whose import is exported in the same deployment: nothing. */
export const NOT_YET = 'imports what is not exported yet';

/** A stack of a synthesized platform, by its short name. */
export interface Synthesized {
  readonly name: string;
  readonly resources: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A local AWS of one test file, and the platforms on it. */
export class World {
  private close: () => void = () => undefined;
  private ended: Promise<void> = Promise.resolve();
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'lifecycle-'));

  private constructor(
    private readonly run: Run,
    readonly aws: LocalAws,
  ) {}

  /** Starts a local AWS that ends with {@link stop}. */
  static start(): Promise<World> {
    return new Promise((resolve, reject) => {
      const ended = Run.of(async (run) => {
        const python = await pythonEnvironment(run, () => undefined);
        const { aws } = await startLocalAws(run, python, '111122223333', 0);
        const world = new World(run, aws);
        const closed = new Promise<void>((done) => (world.close = done));
        world.ended = closed.then(() => ended);
        resolve(world);
        await closed;
      });
      ended.catch(reject);
    });
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.close();
    await this.ended;
    for (const folder of [this.folder, STATE]) rmSync(folder, { recursive: true, force: true });
  }

  /** Synthesizes a platform into this world's folder, under the flags of cdk.json. */
  synth(name: string, config: PlatformConfig): Synthesized[] {
    // the report of warnings would be printed every time
    const context = { ...flags.context, '@aws-cdk/core:annotationsInValidationReport': false };
    const app = new cdk.App({ context, outdir: this.folder, builtinCloudFormationValidation: false });
    new Platform(app, name, config);
    const stacks = app.synth().nestedAssemblies[0]?.nestedAssembly.stacks ?? [];
    return stacks.map(({ stackName, template }) => ({
      name: stackName.slice(name.length + 1),
      resources: (template as { Resources: Record<string, unknown> }).Resources,
      body: JSON.stringify(template),
    }));
  }

  /** The command line, for a platform's account. */
  cdk(config: PlatformConfig): Promise<Cdk> {
    return Cdk.in(this.run, this.aws, config.env, this.folder);
  }

  /** Deploys a platform, or one of its stacks; what came of each. */
  async deploy(name: string, config: PlatformConfig, stack?: string): Promise<Record<string, Outcome>> {
    this.synth(name, config);
    const command = await this.cdk(config);
    await command.bootstrap();
    const outcomes = await command.deploy(name, () => undefined, stack);
    return Object.fromEntries([...outcomes].map(([stack, outcome]) => [stack.slice(name.length + 1), outcome]));
  }

  /** What deploying a config would do to each stack that exists, by change sets that are not carried out. */
  async changes(name: string, config: PlatformConfig): Promise<Record<string, string[]>> {
    const cloudFormation = new CloudFormationClient((await this.cdk(config)).client);
    const found: Record<string, string[]> = {};
    for (const stack of this.synth(name, config)) {
      const key = { StackName: `${name}-${stack.name}`, ChangeSetName: 'look' };
      await cloudFormation.send(
        new CreateChangeSetCommand({ ...key, TemplateBody: stack.body, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
      );
      const { Changes = [], StatusReason } = await cloudFormation.send(new DescribeChangeSetCommand(key));
      await cloudFormation.send(new DeleteChangeSetCommand(key));
      if (StatusReason?.startsWith('No export named') === true) {
        found[stack.name] = [NOT_YET];
        continue;
      }
      if (Changes.length === 0 && StatusReason?.startsWith("The submitted information didn't contain changes") !== true)
        throw new Error(`${stack.name}: ${StatusReason}`);
      found[stack.name] = Changes.map(({ ResourceChange: { Action, ResourceType, Replacement } = {} }) =>
        [Action, ResourceType, ...(Replacement === 'True' ? ['(replaced)'] : [])].join(' '),
      ).sort();
    }
    return found;
  }

  /** The logical ids of the resources of a stack that exist. */
  async resources(name: string, stack: string, config: PlatformConfig): Promise<string[]> {
    const cloudFormation = new CloudFormationClient((await this.cdk(config)).client);
    const answer = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: `${name}-${stack}` }));
    return (answer.StackResources ?? []).map(({ LogicalResourceId = '' }) => LogicalResourceId);
  }

  /** The statuses stacks have now, by their short names. */
  async statuses(name: string, config: PlatformConfig): Promise<Record<string, string>> {
    const cloudFormation = new CloudFormationClient((await this.cdk(config)).client);
    const { StackSummaries = [] } = await cloudFormation.send(new ListStacksCommand({}));
    const mine = StackSummaries.filter(
      ({ StackName, DeletionTime }) => StackName?.startsWith(`${name}-`) && DeletionTime === undefined,
    );
    return Object.fromEntries(
      mine.map(({ StackName = '', StackStatus = '' }) => [StackName.slice(name.length + 1), StackStatus]),
    );
  }

  /** Asks or tells the local AWS itself. */
  async control<T>(method: string, what: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.aws.endpoint}/_sandbox/${what}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }

  /** aws-auth as it is in a cluster. */
  async awsAuth(name: string, { env }: PlatformConfig): Promise<Record<string, string> | undefined> {
    const path = `kubernetes/${env.account}/${env.region}/${name}`;
    const objects = await this.control<Record<string, { data?: Record<string, string> }>>('GET', path);
    return objects[AUTH]?.data;
  }

  /** Writes aws-auth as EKS or a stranger would. */
  async seedAwsAuth(name: string, { env }: PlatformConfig, data: Record<string, string>): Promise<void> {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aws-auth', namespace: 'kube-system' }, data };
    await this.control('PUT', `kubernetes/${env.account}/${env.region}/${name}${AUTH}`, map);
  }
}

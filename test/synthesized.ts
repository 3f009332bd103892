import * as cdk from 'aws-cdk-lib';
import { Platform } from '../lib/platform';
import type { PlatformConfig } from '../lib/platform-config';
import flags from '../cdk.json';

/** A resource as CloudFormation sees it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** One synthesized stack. */
export interface SynthesizedStack {
  /** Such as `Network`. */
  readonly id: string;
  /** The stacks it waits for. */
  readonly waitsFor: readonly string[];
  /** Its template. */
  readonly template: {
    readonly Resources: Readonly<Record<string, Resource>>;
    readonly Outputs?: Readonly<Record<string, unknown>>;
  };
  /** What `cdk deploy` needs of the account before it. */
  readonly missing: number;
  /** Whether CloudFormation refuses to delete it. */
  readonly terminationProtection: boolean;
}

/** Synthesizes one platform under the flags of cdk.json, as the CLI does. */
export function synthesize(name: string, config: PlatformConfig): Readonly<Record<string, SynthesizedStack>> {
  // the report of warnings would be printed for every platform
  const context = { ...flags.context, '@aws-cdk/core:annotationsInValidationReport': false };
  const app = new cdk.App({ context, builtinCloudFormationValidation: false });
  new Platform(app, name, config);
  const assembly = app.synth().nestedAssemblies[0]?.nestedAssembly;
  const stacks = (assembly?.stacks ?? []).map((stack): [string, SynthesizedStack] => {
    const id = stack.stackName.slice(name.length + 1);
    return [
      id,
      {
        id,
        waitsFor: stack.dependencies
          .filter(({ id: artifact }) => !artifact.endsWith('.assets'))
          .map((each) => ('stackName' in each ? String(each.stackName).slice(name.length + 1) : each.id)),
        template: stack.template as SynthesizedStack['template'],
        missing: assembly?.manifest.missing?.length ?? 0,
        terminationProtection: stack.terminationProtection ?? false,
      },
    ];
  });
  return Object.fromEntries(stacks);
}

/** All resources of a platform of one type. */
export function resourcesOf(stacks: Readonly<Record<string, SynthesizedStack>>, type: string | RegExp): Resource[] {
  const fits = (each: string): boolean => (typeof type === 'string' ? each === type : type.test(each));
  return Object.values(stacks).flatMap(({ template }) =>
    Object.values(template.Resources).filter(({ Type }) => fits(Type)),
  );
}

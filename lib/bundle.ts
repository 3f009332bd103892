import * as path from 'node:path';
import { buildSync } from 'esbuild';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** How the code of a function is made into one file. */
export interface BundleOptions {
  /**
   * Makes the file small, for a function whose cold start counts.
   *
   * @default false
   */
  readonly minify?: boolean;
}

/** A function's folder, whose `index.ts` exports `handler`, as one file. The AWS SDK comes with the Lambda runtime. */
export function bundledCode(folder: string, options: BundleOptions = {}): lambda.Code {
  const tryBundle = (outputDir: string): boolean => {
    bundle(folder, path.join(outputDir, 'index.js'), options);
    return true;
  };
  return lambda.Code.fromAsset(folder, {
    // what counts is the bundle: a library in it changes it without a change in the folder
    assetHashType: cdk.AssetHashType.OUTPUT,
    bundling: { local: { tryBundle }, image: lambda.Runtime.NODEJS_22_X.bundlingImage },
  });
}

/** Writes the file. */
export function bundle(folder: string, outfile: string, { minify = false }: BundleOptions = {}): void {
  buildSync({
    entryPoints: [path.join(folder, 'index.ts')],
    outfile,
    // paths in the bundle's comments are relative to here: the same bytes wherever the app is run from
    absWorkingDir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    external: ['@aws-sdk/*'],
    legalComments: 'none',
    logLevel: 'error',
    minify,
  });
}

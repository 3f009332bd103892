/** What somebody needs to speak to the local AWS in one account. */
export interface Credentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The secret access key. */
  readonly secretAccessKey: string;
  /** The token of the session. */
  readonly sessionToken: string;
}

/**
 * The environment of a command that speaks to the local AWS, and to nothing else: no profile, credential or endpoint of
 * the user's own gets in.
 */
export function localAwsEnvironment(
  endpoint: string,
  region: string,
  credentials: Credentials,
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  // the CDK command line reads CDK_* as options
  const kept = Object.entries(own).filter(([name]) => !/^(AWS_|CDK_|CDK$|npm_)|PROXY$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    // for a template's own address CloudFormation wants a host name
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: endpoint.replace('127.0.0.1', 'localhost'),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1', // an error is an answer here
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_VALIDATION: 'false', // `npm run check` does that
    NODE_NO_WARNINGS: '1',
    NO_COLOR: '1',
  };
}

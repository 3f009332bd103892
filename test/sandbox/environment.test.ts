import { localAwsEnvironment } from '../../sandbox/environment';

const credentials = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'session' };

test('nothing of the real AWS gets in, whatever the user has set', () => {
  const env = localAwsEnvironment('http://127.0.0.1:4566', 'ap-northeast-1', credentials, {
    HOME: '/home/me',
    PATH: '/bin',
    AWS_PROFILE: 'prod',
    AWS_ENDPOINT_URL_EKS: 'https://eks.example.com',
    AWS_CA_BUNDLE: '/x',
    CDK_DEFAULT_ACCOUNT: '999999999999',
    CDK_CONTEXT_JSON: '{}',
    HTTPS_PROXY: 'http://proxy',
    https_proxy: 'http://proxy',
  });
  expect(env).toEqual({
    HOME: '/home/me',
    PATH: '/bin',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: 'http://localhost:4566',
    AWS_REGION: 'ap-northeast-1',
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: 'ASIA1',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_VALIDATION: 'false',
    NODE_NO_WARNINGS: '1',
    NO_COLOR: '1',
  });
});

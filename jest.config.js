/** `npm test`: needs npm only. The longer layer has its own file, jest.sandbox.config.js. */
module.exports = {
  testEnvironment: 'node',
  // as many as there are cores: by itself Jest leaves one out, and of two that is half
  maxWorkers: '100%',
  // a processor that is shared is no failure
  testTimeout: 60_000,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/lifecycle/'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
};

const base = require('./jest.config.js');

/** `npm run test:sandbox`: the whole life of a platform on the local AWS. Needs Python too; fails without it. */
module.exports = {
  ...base,
  testPathIgnorePatterns: [],
  testMatch: ['<rootDir>/test/lifecycle/**/*.test.ts'],
  setupFiles: ['<rootDir>/test/lifecycle/setup.js'],
  testTimeout: 120_000,
  maxWorkers: 2,
};

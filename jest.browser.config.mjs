import base from './jest.config.mjs';

/** The tests that need Chromium: `npm run test:browser`. One at a time, since each has a browser and a sandbox. */
/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
  reporters: ['default'],
};

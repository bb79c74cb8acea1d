/**
 * Tests run in a context of their own, where V8 asks for every global by a call into C++. Handed to each module by name
 * they cost nothing, which makes the whole suite a third faster (Jest: sandboxInjectedGlobals).
 */
const intrinsics =
  'Object Array Number String Boolean BigInt Symbol Math JSON Map Set WeakMap WeakSet Promise Error TypeError RegExp Reflect Proxy Uint8Array ArrayBuffer Date Infinity isNaN parseInt encodeURIComponent decodeURIComponent'.split(
    ' ',
  );

/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // They need Chromium: `npm run test:browser`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testEnvironment: 'node',
  sandboxInjectedGlobals: intrinsics,
  testTimeout: 60_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/slow-first.mjs',
  reporters: ['default', '<rootDir>/test/left-out.mjs'],
};

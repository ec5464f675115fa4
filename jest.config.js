export default {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // They need a browser; `npm run test:browser` runs them.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/browser/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import each other by the names they have once built (.js); here the .ts file itself is loaded.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 30_000,
  // Jest keeps one core for itself, though it does little: many tests wait for processes.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/tests/support/closing-line.js'],
};

import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Only rules that find mistakes; Biome does the formatting. The second half holds the walls between the folders:
 * imports go infra → bot → orchestrator and never back, and the words of AWS stay where AWS is spoken.
 */
const wall = (regex, message) => ({ regex, message });

const noInfra = wall('^(\\.\\./)+infra/', 'infra composes: nothing that it deploys may know it.');
const noBot = wall('^(\\.\\./)+bot/', 'The orchestrator has never heard of Slack.');
const noSlack = wall('^@slack/', 'The orchestrator has never heard of Slack.');
const noAws = wall('^@(aws-sdk|smithy)/', 'Take a port. Only orchestrator/aws, entries and infra speak AWS.');
const noAdapters = wall(
  '^\\./aws/|^(\\.\\./)+(orchestrator/)?aws/',
  'Take a port. Only entries know which adapter serves it.',
);
const noCdk = wall('^(aws-cdk-lib|constructs|cdk-nag)(/|$)', 'Only infra knows CDK.');
const contractsOnly = wall(
  '^\\.\\./([^/]+\\.lambda$|(perform|watch|close|config|pipeline)$)',
  'Steps and rules import contracts only.',
);
/** What is bundled into functions: zod's own index weighs 65 KiB more than the part of it that can be shaken. */
const smallZod = wall(
  '^zod$',
  "It is bundled into every function: import * as z from 'zod/mini', a fifth of the size.",
);
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [smallZod, ...patterns] }],
});

/** Words of RDS that the product translates at its edge. */
const awsWords = {
  selector: 'Identifier[name=/^(DBInstanceIdentifier|DBClusterIdentifier|isCluster)$/]',
  message: 'A database is a database: translate this word inside orchestrator/aws.',
};
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only entries read the environment.',
};
const chance = {
  selector: 'CallExpression[callee.object.name=/^(Date|Math)$/][callee.property.name=/^(now|random)$/]',
  message: 'Take the time from the clock, and ids from what they name: then a run can be played again.',
};
const refuse = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

const entries = [
  '**/*.lambda.ts',
  'infra/app.ts',
  'infra/local/main.ts',
  'infra/local/demo.ts',
  'infra/setup.ts',
  'infra/read-audit.ts',
  'infra/redrive.ts',
];

export default defineConfig(
  { ignores: ['node_modules/', 'cdk.out*/', 'dist/', 'coverage/', 'infra/local/web/dist/'] },
  eslint.configs.recommended,
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly' } } },
  {
    files: ['infra/bundling/*.js', '**/*.cjs'],
    languageOptions: {
      globals: { module: 'readonly', require: 'readonly', process: 'readonly', URLSearchParams: 'readonly' },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans read well in a sentence; objects and undefined do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          varsIgnorePattern: '^_$',
          ignoreRestSiblings: true,
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A port is asynchronous even where one of its adapters has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Fires on every value from the wire whose type is not narrowed yet.
      '@typescript-eslint/no-base-to-string': 'off',
      // Matters of taste.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['orchestrator/**/*.ts'],
    rules: { ...imports(noInfra, noBot, noSlack, noCdk, noAws, noAdapters), ...refuse(awsWords, environment, chance) },
  },
  {
    files: ['orchestrator/aws/**/*.ts'],
    rules: { ...imports(noInfra, noBot, noSlack, noCdk), ...refuse(environment, chance) },
  },
  {
    files: ['orchestrator/{steps,rules}/**/*.ts'],
    rules: imports(noInfra, noBot, noSlack, noCdk, noAws, noAdapters, contractsOnly),
  },
  { files: ['orchestrator/*.lambda.ts'], rules: { ...imports(noInfra, noBot, noSlack, noCdk), ...refuse(awsWords) } },
  {
    files: ['bot/**/*.ts'],
    rules: { ...imports(noInfra, noCdk, noAws, noAdapters), ...refuse(awsWords, environment, chance) },
  },
  { files: ['bot/*.lambda.ts'], rules: { ...imports(noInfra, noCdk), ...refuse(awsWords) } },
  // Bundled into the functions in the place of the SDK's clients, which read the environment too.
  { files: ['infra/bundling/*.ts'], rules: refuse(awsWords, chance) },
  {
    files: ['infra/**/*.ts'],
    ignores: [...entries, 'infra/local/**', 'infra/bundling/**'],
    rules: refuse(awsWords, environment, chance),
  },
  { files: ['infra/local/**/*.ts'], ignores: entries, rules: refuse(chance) },
  {
    files: ['test/**/*.ts'],
    rules: {
      // jest's matchers are typed loosely, and a test may know what it has just made.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Baselines: as short as people write them.
    files: ['test/bench/ack/{naive,floor}.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
);

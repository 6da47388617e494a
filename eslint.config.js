import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Imports flow inward only; each entry names the rooms that a room may not reach, and why. */
const boundary = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: group.map((pattern) => ({ group: [pattern], message })) }],
});

export default defineConfig(
  globalIgnores([
    'out/',
    'node_modules/',
    '.cache/',
    'tests/golden/**/expected/',
    'test-results/',
    'playwright-report/',
  ]),
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['shared/**/*.ts'],
    rules: {
      ...boundary(
        ['**/electron/**', '**/renderer/**', 'electron', 'react', 'react-*', 'node:*', '@tensorflow/*', 'onnxruntime*'],
        'shared/ is pure TypeScript: it must run anywhere, so it imports nothing but itself and zod.',
      ),
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pass a seeded generator in: shared/ is deterministic.' },
        { object: 'Date', property: 'now', message: 'Pass a clock in: shared/ is deterministic.' },
      ],
    },
  },
  {
    files: ['electron/{host,server,trainer,cli}/**/*.ts'],
    rules: boundary(
      ['electron', '**/renderer/**', 'react', 'react-*'],
      'Only electron/main and electron/preload know Electron; everything else is plain Node, shared with the browser form.',
    ),
  },
  {
    files: ['electron/{main,preload}/**/*.ts'],
    rules: boundary(
      ['**/renderer/**', 'react', 'react-*'],
      'The shell serves the built renderer; it imports none of it.',
    ),
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...boundary(
        ['**/electron/**', 'electron', 'node:*', '@tensorflow/*', 'onnxruntime*'],
        'The renderer reaches the machine through the HostApi only (shared/host).',
      ),
    },
  },
  {
    files: ['tests/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
  { files: ['electron/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        performance: 'readonly',
      },
    },
  },
);

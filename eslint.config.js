import { builtinModules } from 'node:module';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { electronRooms, sharedRooms } from './scripts/rooms.mjs';

/** Import paths that climb out of a folder into one of these top-level rooms. */
const rooms = (...names) => `^(?:\\.{1,2}/)+(?:[^/]+/)*(?:${names.join('|')})/`;
const packages = (...names) => `^(?:${names.join('|')})(?:/|$)`;

/** Ways of writing that no room allows. */
const restrictedSyntax = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: default exports are for configurations only.' },
  { selector: 'ExportAllDeclaration', message: 'Name what a room exports.' },
];

/** What only a test may do, to hand in what the compiler forbids. */
const doubleCast = {
  selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type=/^TS(?:Unknown|Any|Never)Keyword$/]',
  message: 'A double cast hides a mistake from the compiler: narrow the value, or mend its type.',
};

/**
 * Imports flow inward only; each entry names what a room may not reach, as regular expressions over the path that is
 * written, and why. An `import()` is held to the same, which ESLint's own rule leaves out.
 */
const boundary = (paths, message) => ({
  'no-restricted-imports': ['error', { patterns: paths.map((regex) => ({ regex, message })) }],
  'no-restricted-syntax': [
    'error',
    ...restrictedSyntax,
    doubleCast,
    ...paths.map((regex) => ({
      selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\u002F')}/]`,
      message,
    })),
  ],
});

/** The paths that leave a room for another one of the same tree that it may not import from. */
const otherRooms = (tree, room) => {
  const forbidden = Object.keys(tree).filter((name) => name !== room && !tree[room].includes(name));
  return forbidden.length === 0 ? [] : [`^(?:\\.\\./)+(?:${forbidden.join('|')})(?:/|$)`];
};

/** The rules of React that read the source as it stands: the others run its compiler over it. */
const readRules = ['rules-of-hooks', 'exhaustive-deps'];
const withoutCompiler = Object.fromEntries(
  Object.keys(reactHooks.configs.recommended.rules)
    .filter((rule) => !readRules.includes(rule.replace('react-hooks/', '')))
    .map((rule) => [rule, 'off']),
);

export default defineConfig(
  globalIgnores([
    'out/',
    'node_modules/',
    '.cache/',
    'tests/golden/**/expected/',
    'test-results/',
    'playwright-report/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
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
      'no-restricted-syntax': ['error', ...restrictedSyntax, doubleCast],
    },
  },
  ...['', ...Object.keys(sharedRooms)].map((room) => ({
    files: [room === '' ? 'shared/*.ts' : `shared/${room}/**/*.ts`],
    rules: boundary(
      [
        rooms('electron', 'renderer', 'templates', 'tests', 'scripts'),
        '^(?!\\.{1,2}/|zod$|@dagrejs/dagre$|fastest-levenshtein$)',
        ...(room === '' ? [] : otherRooms(sharedRooms, room)),
      ],
      `shared/${room} is pure TypeScript and imports, besides zod, dagre and fastest-levenshtein, only: ${room === '' ? 'shared/' : sharedRooms[room].join(', ') || 'itself'}.`,
    ),
  })),
  {
    files: ['shared/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pass a seeded generator in: shared/ is deterministic.' },
        { object: 'Date', property: 'now', message: 'Pass a clock in: shared/ is deterministic.' },
      ],
    },
  },
  ...Object.keys(electronRooms).map((room) => ({
    files: [`electron/${room}/**/*.ts`],
    rules: boundary(
      [
        rooms('renderer', 'tests'),
        packages('react', 'react-dom', ...(room === 'main' || room === 'preload' ? [] : ['electron'])),
        ...otherRooms(electronRooms, room),
      ],
      `electron/${room} imports only shared/ and: ${electronRooms[room].join(', ') || 'itself'}. Electron itself is for main and preload alone.`,
    ),
  })),
  {
    files: ['templates/**/*.ts'],
    rules: boundary(
      [rooms('electron', 'renderer', 'tests'), '^(?!\\.{1,2}/)'],
      'A template is a document: it is made with shared/ alone.',
    ),
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...boundary(
        [
          rooms('electron', 'templates', 'tests'),
          packages(
            'electron',
            '@tensorflow',
            'onnxruntime-node',
            'ws',
            'yauzl',
            'h5wasm',
            'protobufjs',
            ...builtinModules,
          ),
          '^node:',
        ],
        'The renderer reaches the machine through the HostApi only (shared/host).',
      ),
    },
  },
  {
    files: ['tests/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
      'no-restricted-syntax': ['error', ...restrictedSyntax],
    },
  },
  // `npm test` asks for it: the rules that know types, and those that compile each component, take as long as all other checks.
  ...(process.env.CONVLOOM_QUICK_LINT === undefined
    ? []
    : [
        { files: ['**/*.ts', '**/*.tsx'], extends: [tseslint.configs.disableTypeChecked] },
        { files: ['renderer/**/*.{ts,tsx}'], rules: withoutCompiler },
        // What allows a rule that is left out is not unused.
        { linterOptions: { reportUnusedDisableDirectives: 'off' } },
      ]),
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
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

import boundaries from 'eslint-plugin-boundaries';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The rooms of the project and what each may import: the table in ARCHITECTURE.md, as a rule. */
export const rooms = {
  contract: { pattern: 'src/contract', mayImport: [] },
  rules: { pattern: 'src/rules', mayImport: ['contract'] },
  proof: { pattern: 'src/proof', mayImport: ['contract'] },
  journal: { pattern: 'src/journal', mayImport: ['contract', 'proof'] },
  machine: { pattern: 'src/machine', mayImport: ['contract'] },
  wire: { pattern: 'src/wire', mayImport: ['contract'] },
  'policy-import': { pattern: 'src/policy-import', mayImport: ['contract'] },
  words: { pattern: 'src/words', mayImport: ['contract', 'rules'] },
  service: { pattern: 'src/service', mayImport: ['contract', 'rules', 'proof', 'journal', 'machine', 'wire', 'words'] },
  server: { pattern: 'src/server', mayImport: ['contract', 'rules', 'proof', 'words'] },
  cli: { pattern: 'src/cli', mayImport: ['contract', 'rules', 'proof', 'journal', 'wire', 'policy-import', 'words'] },
  main: { pattern: 'main', mayImport: ['contract', 'wire', 'words'] },
  renderer: { pattern: 'renderer', mayImport: ['contract', 'rules', 'words'] },
  tools: {
    pattern: 'tools',
    mayImport: ['contract', 'rules', 'proof', 'journal', 'service', 'server', 'cli', 'policy-import', 'wire', 'tests'],
  },
  bench: {
    pattern: 'bench',
    mayImport: [
      'contract',
      'rules',
      'proof',
      'journal',
      'machine',
      'service',
      'server',
      'wire',
      'policy-import',
      'words',
      'tools',
      'tests',
    ],
  },
  tests: {
    pattern: 'tests',
    mayImport: [
      'contract',
      'rules',
      'proof',
      'journal',
      'machine',
      'wire',
      'policy-import',
      'words',
      'service',
      'server',
      'cli',
      'main',
      'renderer',
      'tools',
      'bench',
    ],
  },
};

/** Packages only some rooms may use. */
const packagesOf = {
  contract: ['zod'],
  rules: ['diff'],
  proof: ['canonicalize', 'fflate', 'node:crypto', 'zod'],
};

const seeTable = 'See "Rooms and import rules" in ARCHITECTURE.md.';
const roomNames = Object.keys(rooms);

function onlyPackages(room, allowed) {
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!\\.)(?!(${allowed.map((name) => name.replace('/', '\\/')).join('|') || '(?!)'})$)`,
              message: `src/${room} may use ${allowed.length === 0 ? 'no package' : `only ${allowed.join(', ')}`}. ${seeTable}`,
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'release/', 'node_modules/', 'demo-out/', 'test-results/', '.usher/', 'tests/fixtures/'] },
  ...tseslint.configs.strict,
  {
    plugins: { boundaries },
    settings: {
      'boundaries/elements': roomNames.map((type) => ({ type, pattern: rooms[type].pattern })),
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.mjs', '.js'] } },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-console': 'off',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message: `{{from.element.types}} may not import {{to.element.types}}. ${seeTable}`,
          policies: roomNames.map((from) => ({
            from: { element: { type: from } },
            allow: { to: { element: { types: { anyOf: [from, ...rooms[from].mayImport] } } } },
          })),
        },
      ],
    },
  },
  ...Object.entries(packagesOf).map(([room, allowed]) => onlyPackages(room, allowed)),
  {
    files: ['src/rules/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: `Rules take the time as an argument. ${seeTable}` },
        { object: 'Math', property: 'random', message: `Rules take randomness as an argument. ${seeTable}` },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'console'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: `Rules take the time as an argument. ${seeTable}`,
        },
      ],
    },
  },
  {
    files: ['main/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain'],
              message: 'Use main/page-calls.ts: it checks channel, frame, origin and schema.',
            },
            { name: 'better-sqlite3', message: `The shell has no native modules. ${seeTable}` },
          ],
        },
      ],
    },
  },
  { files: ['main/page-calls.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: { ...reactHooks.configs.recommended.rules, ...jsxA11y.flatConfigs.recommended.rules },
  },
  { files: ['tools/*.mjs', 'eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);

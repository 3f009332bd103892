import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const restrictedInLib = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'lib reads no environment: pass what is needed as a property',
  },
  {
    selector: "CallExpression[callee.property.name='tryGetContext']",
    message: 'lib reads no context: pass what is needed as a property',
  },
  {
    selector: 'TSInterfaceDeclaration[id.name=/Props$|Settings$/] TSPropertySignature[readonly!=true]',
    message: 'properties are readonly',
  },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'cdk.out/', '**/__snapshots__/', '.sandbox/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `new Network(this, …)` in a constructor is how the CDK builds its tree
      'no-new': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'no-restricted-syntax': ['error', ...restrictedInLib],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/config', '**/config/*', '**/bin/*', '**/test/*'],
              message: 'imports point one way: bin → config → lib',
            },
          ],
        },
      ],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ['TSInterfaceDeclaration', 'TSPropertySignature', 'TSTypeAliasDeclaration', 'PropertyDefinition'],
        },
      ],
    },
  },
  { files: ['lib/access/writer/**/*.ts'], rules: { 'no-console': 'off' } },
  // a command loads what is slow to load when it needs it; import() would look for compiled files
  { files: ['bin/**/*.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-dynamic-delete': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        module: 'readonly',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

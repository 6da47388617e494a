/**
 * Of installed packages: what Node never reads. TensorFlow.js is there in ten forms, of which Node takes one file a package, `*.node.js`,
 * and the WebAssembly beside it; polyfills and its converter's command line it does not load at all.
 */
const notRead = [
  '!node_modules/@tensorflow/*/{src,wasm-out,metadata,.rollup.cache,node_modules}{,/**}',
  '!node_modules/@tensorflow/*/dist/*{,/**}/*',
  '!node_modules/@tensorflow/*/dist/!(*.node.js|*.wasm)',
  '!node_modules/{core-js,regenerator-runtime,yargs,yargs-parser,argparse,seedrandom/coverage}{,/**}',
  '!node_modules/**/@types/**',
  '!node_modules/@webgpu{,/**}',
  '!node_modules/**/*.{ts,cts,mts}',
];

/**
 * What an installed Convloom is made of, for electron-builder (docs/packaging.md). Nothing is fetched or compiled on the way: native
 * modules are of N-API and come ready, and there is no update server to ask.
 */
export default {
  appId: 'app.convloom',
  productName: 'Convloom',
  copyright: 'MIT licence; the licences of what it is made of are in THIRD-PARTY.txt',
  directories: { output: '.cache/dist' },
  // The app looks for itself beside package.json, out/ and templates/: findAppRoot() of electron/files/paths.ts.
  files: [
    'package.json',
    'LICENSE',
    'CHANGELOG.md',
    'out/**/*',
    '!out/main/benchWorker.js',
    'templates/*/*.json',
    'templates/*/README.md',
    '!**/*.map',
    ...notRead,
  ],
  asar: true,
  // What the system itself loads must be a file: native modules, and libraries that they find beside them.
  asarUnpack: ['out/node_modules/**/*', '**/*.node', 'node_modules/sharp/**/*', 'node_modules/@img/**/*'],
  npmRebuild: false,
  publish: null,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: true,
  },
  fileAssociations: [
    {
      ext: 'convloom',
      name: 'Convloom network',
      description: 'A convolutional network of Convloom',
      mimeType: 'application/vnd.convloom+json',
      role: 'Editor',
    },
  ],
  protocols: [{ name: 'Convloom', schemes: ['convloom'] }],
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'renderer/theme/public/icon-512.png',
    category: 'Education',
    maintainer: 'Convloom',
    synopsis: 'Design convolutional networks by hand',
  },
  deb: { depends: ['libgtk-3-0', 'libnss3', 'libasound2 | libasound2t64', 'libgbm1', 'xdg-utils'] },
  win: { target: ['nsis'], icon: 'renderer/theme/public/icon-512.png' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // Runs, drafts and settings are the user's.
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: ['dmg'],
    icon: 'renderer/theme/public/icon-512.png',
    category: 'public.app-category.education',
    hardenedRuntime: true,
    // The page's process inherits what it may do: it is the one that sees through the camera.
    entitlements: 'electron/main/entitlements.mac.plist',
    entitlementsInherit: 'electron/main/entitlements.mac.plist',
    extendInfo: {
      NSCameraUsageDescription:
        'Pictures are recorded as data, and shown to a trained network. They stay on this machine.',
    },
  },
};

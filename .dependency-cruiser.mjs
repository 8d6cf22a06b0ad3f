// Who may import whom. Each rule carries the sentence that is printed when it is broken.
// Tests may import anything; nothing imports tests.

const notTests = '\\.test\\.ts$';

/** What is in a folder of src, or the file of that name; with `.ts` behind it, the file alone. */
const inside = (path) => (path.endsWith('.ts') ? `^src/${path}$` : `^src/${path}(/|\\.ts$)`);

/** A rule that lets a folder import only what is listed (and itself). */
function only(folder, allowed, comment) {
  return {
    name: `${folder.replaceAll('/', '-')}-imports`,
    severity: 'error',
    comment,
    from: { path: inside(folder), pathNot: notTests },
    to: { path: '^src/', pathNot: [folder, ...allowed].map(inside) },
  };
}

const harness = [
  ...['harness', 'base', 'sys', 'api/client', 'api/exchange'],
  // What a run is to do and what is told of it, in words that the page has, too.
  ...['api/run-request', 'api/schema/run.ts'],
];
const pure = '^src/(base|crypto|wire|core|root|controller|rules|harness/stats|harness/rr)/';

export default {
  forbidden: [
    only('base', [], 'base is at the bottom: it imports nothing of ours.'),
    only('crypto', ['base'], 'Cryptography is values in, values out: base only.'),
    only('wire', ['crypto', 'base'], 'The wire is values in, values out: crypto and base only.'),
    only('core', ['wire', 'crypto', 'base'], 'The node is values in, values out.'),
    only(
      'core/vl1',
      ['core/[^/]+.ts', 'wire', 'crypto', 'base'],
      'VL1 hands packets up through core/packet-handler; it does not know who takes them.',
    ),
    only(
      'core/vl2',
      ['core/[^/]+.ts', 'wire', 'crypto', 'base'],
      'VL2 sends through core/vl1-port; it knows nothing of paths and roots.',
    ),
    only('root', ['core', 'wire', 'crypto', 'base'], 'A root is what a node is, and worlds.'),
    only(
      'controller',
      ['core/ports', 'core/packet-handler', 'core/vl1-port', 'wire', 'crypto', 'base'],
      'A controller knows the ports of the core, not its insides.',
    ),
    only(
      'rules',
      ['core/vl2/rules', 'wire', 'crypto', 'base'],
      'The rules language knows the engine that runs it, and nothing else of a node.',
    ),
    only(
      'io',
      [
        'core/ports',
        'core/endpoint',
        'core/queues',
        'controller/store',
        'controller/(network|member|invite)-record',
        'controller/access',
        'wire',
        'crypto',
        'base',
        'sys',
      ],
      'The edge implements ports.',
    ),
    only(
      'io/store',
      [
        'controller/store',
        'controller/(network|member|invite)-record',
        'controller/access',
        'base',
        'sys',
      ],
      'The database keeps the records of a controller; it knows none of what it does with them.',
    ),
    only('api/address-range', ['wire/ip-address', 'base'], 'Text in, settings out.'),
    only('api/run-request', ['api/schema/run.ts', 'base'], 'Values in, words out.'),
    only('api/ip-range', ['wire/ip-address', 'base'], 'Text in, numbers out.'),
    only('api/schema', ['base'], 'What the API says is known to everybody: it knows nobody.'),
    only(
      'api/body',
      ['api/schema', 'api/errors', 'base'],
      'What a request may hold is read once, into values that the services take.',
    ),
    only(
      'api/routes',
      ['api/body', 'api/schema', 'api/service', 'base'],
      'Routes answer from a service; what is behind it is not theirs.',
    ),
    only(
      'api/client',
      ['api/exchange', 'api/schema', 'api/errors', 'base'],
      'The client runs in browsers, too: schema and base only.',
    ),
    only(
      'api/client-v1',
      ['api/client', 'api/exchange', 'api/schema', 'api/errors', 'base'],
      'The client runs in browsers, too: schema and base only.',
    ),
    only(
      'api/rules-answers.ts',
      ['api/schema', 'api/errors', 'rules/index', 'base'],
      'Rules are tried over the API with what the command line tries them with.',
    ),
    only(
      'api/rules-text.ts',
      ['api/backend/backend', 'api/errors', 'rules/index', 'base'],
      'Rules in the forms of services: the same for the command line and for a page.',
    ),
    only(
      'api/v1',
      ['api/routes/route', 'api/schema', 'api/errors', 'wire/ip-address', 'base'],
      'Routes answer from a service; what is behind it is not theirs. Free ranges are of IP addresses.',
    ),
    only(
      'api/backend',
      [
        'api/(client|client-v1|exchange|errors|rules-text|rules-answers)',
        'api/schema',
        'api/v1/(service|event-hub|free-range|lacking-management|node-management|node-views)',
        'rules/index',
        'base',
      ],
      'Services that own networks are reached by clients, in browsers, too, and shown as /api/v1 shows ours.',
    ),
    only('http', ['api', 'base'], 'What every HTTP server of ours does with a request.'),
    only(
      'gateway',
      ['api', 'http', 'base'],
      'The server of the page asks services in the words of /api/v1; it knows nothing of a node.',
    ),
    only(
      'daemon',
      ['api', 'http', 'root', 'controller', 'rules', 'core', 'io', 'sys', 'wire', 'crypto', 'base'],
      'The daemon puts everything together but the command line, the harness and the page.',
    ),
    only(
      'systemd',
      ['sys', 'base'],
      'Installing a service knows nothing of what the service does.',
    ),
    only('sys', ['base'], 'sys wraps the host for everybody; it knows only base.'),
    only('harness/stats', ['base'], 'Statistics are values in, values out: base only.'),
    only('harness/rr', ['base'], 'The request/response machines are sans-I/O: base only.'),
    only(
      'harness',
      harness,
      'The harness is a black-box client of every overlay: never the insides of the node.',
    ),
    only(
      'cli',
      [
        'api',
        'base',
        'harness/[a-z-]+/index',
        'daemon/index',
        'daemon/[a-z-]+/index',
        'gateway/index',
        'http',
        'systemd/index',
        'rules/index',
        'crypto',
        'wire',
        'io/crypto/index',
        'io/identity/index',
        'io/netif/index',
        'io/pcap/index',
        'sys/clock',
        'sys/private-file',
        'sys/version',
      ],
      'The command line uses the public index of a folder of the harness and of the daemon, not their insides.',
    ),
    {
      name: 'ui-imports',
      severity: 'error',
      comment: 'The page knows the API and its client, and values: nothing that needs Node.',
      from: { path: '^ui/src/' },
      to: {
        path: '^src/',
        pathNot: [
          ...['api/schema', 'api/client-v1', 'api/address-range', 'api/ip-range', 'base'],
          ...['api/run-request', 'rules/index', 'wire/ip-address'],
          ...['harness/stats', 'harness/report/axis', 'core/drop-reasons'],
        ].map(inside),
      },
    },
    {
      name: 'nothing-imports-ui',
      severity: 'error',
      comment: 'The page is built apart: what runs on Node does not know it.',
      from: { path: '^src/' },
      to: { path: '^ui/' },
    },
    {
      name: 'pure-no-packages',
      severity: 'error',
      comment: 'The pure folders run anywhere: no Node module and no package.',
      from: { path: pure, pathNot: notTests },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'unknown'] },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment: 'What ships may not need a development dependency: the tarball would not run.',
      from: { path: '^src/', pathNot: notTests },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'processes-in-sys',
      severity: 'error',
      comment:
        'Commands of the host are run through sys/command.ts, which bounds, logs and explains them.',
      from: { path: '^src/', pathNot: [notTests, '^src/sys/'] },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      comment: 'Nothing imports a test.',
      from: { path: '^src/', pathNot: notTests },
      to: { path: [notTests, '^test/'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means that two files are one concept, or that a port is missing.',
      from: { path: '^(src|ui)/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports and that is not an entry is dead: delete it.',
      from: {
        orphan: true,
        pathNot: [
          notTests,
          '^src/(wire/)?index\\.ts$',
          '^src/cli/main\\.ts$',
          '^ui/src/main\\.tsx$',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: notTests },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.host.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
};

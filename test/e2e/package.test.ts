/** The tarball that `npm pack` makes, installed into an empty prefix as on a second host. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { stage, type Listening } from './program.ts';

const here = stage('package');
const root = join(import.meta.dirname, '../..');

it('packs, installs and runs', { timeout: 240_000 }, async () => {
  const listed = await here.run(
    ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { directory: root },
  );
  expect(listed.code, listed.stderr).toBe(0);
  const copy = here.path('copy');
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    // Removed, and not yet committed.
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { force: false, preserveTimestamps: true });
  }
  // What was built of these very files need not be built again: what is newer, is.
  if (existsSync(join(root, 'dist')))
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true, preserveTimestamps: true });
  // What is installed here already is what `npm ci` would put there.
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const packed = await here.run(['npm', 'pack', '--loglevel=error'], {
    directory: copy,
    timeoutMs: 120_000,
  });
  expect(packed.code, packed.stderr).toBe(0);
  const tarball = readdirSync(copy).find((name) => /^overspan-.*\.tgz$/.test(name));
  expect(tarball).toBeDefined();
  const contents = (await here.run(['tar', '-tzf', join(copy, tarball!)])).stdout.split('\n');
  for (const file of [
    'dist/bin/overspan.js',
    'dist/cli/main.js',
    'dist/index.js',
    'dist/index.d.ts',
    'LICENSE',
    'README.md',
    // Of what is inside the bundles.
    'dist/bin/zod.LICENSE.txt',
    'dist/ui/licenses.md',
  ])
    expect(contents).toContain(`package/${file}`);
  expect(
    contents.filter((name) => /\.test\.|tsbuildinfo|^package\/(?:src|test)\//.test(name)),
  ).toEqual([]);

  const prefix = here.path('prefix');
  const install = ['npm', 'install', '--global', '--prefix', prefix, join(copy, tarball!)];
  const installed = await here.run(
    [
      ...install,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--loglevel=error',
    ],
    { timeoutMs: 180_000 },
  );
  expect(installed.code, installed.stderr).toBe(0);

  const overspan = join(prefix, 'bin', 'overspan');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await here.run([overspan, '--version'])).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
  });
  // What is installed has its worker and its FFI: an identity is made, and the faster library is the one that is chosen.
  const identity = await here.run([overspan, 'wire', 'identity', 'new', '--show-secret']);
  expect(identity.code, identity.stderr).toBe(0);
  const program = `
    import { chooseProvider } from 'overspan/crypto';
    import { isValidIdentity, parseSecretIdentity } from 'overspan/wire';
    const provider = chooseProvider({ log: console.error });
    const { identity } = parseSecretIdentity(process.argv[1]);
    console.log(provider.name, isValidIdentity(provider, identity));`;
  const imported = await here.run(
    [process.execPath, '--input-type=module', '-e', program, identity.stdout.trim()],
    { directory: join(prefix, 'lib', 'node_modules', 'overspan') },
  );
  expect(imported).toMatchObject({ code: 0, stdout: 'openssl true\n', stderr: '' });

  const home = ['--home', here.newHome()];
  const made = await here.run([overspan, 'cert', 'init', ...home]);
  expect(made.code, made.stderr).toBe(0);
  const server = here.start([
    overspan,
    'serve',
    '--json',
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    ...home,
  ]);
  const { port, invitations } = JSON.parse(await server.line(/"listening"/)) as Listening;
  const probe = await here.run([
    ...[overspan, 'probe', 'tls-rr', `127.0.0.1:${port}`, '-n', '20'],
    ...['--invite', invitations[0]!.text, '--home', here.newHome()],
  ]);
  expect(probe.code, probe.stderr).toBe(0);
  expect(probe.stdout).toMatch(/^tls-rr 64 B, .*20 requests.*lost 0/m);
  server.signal('SIGINT');
  expect((await server.ended).code).toBe(0);
});

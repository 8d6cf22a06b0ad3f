import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { servicePaths, type FileResult } from './service-files.ts';
import {
  installService,
  isUsableStore,
  uninstallService,
  type Argv,
  type ServiceRequest,
  type ServiceResult,
} from './service.ts';

let root = '';
/** What was run on the machine that the root stands for. */
let ran: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'overspan-service-'));
  ran = [];
});
afterEach(() => rm(root, { recursive: true }));

const { unit, sysusers, planet, environment } = servicePaths;
const request: ServiceRequest = {
  node: '/usr/bin/node',
  program: '/usr/lib/node_modules/overspan/dist/bin/overspan.js',
  version: '1.2.3',
};
const run = (argv: Argv): Promise<void> => {
  ran.push(argv.join(' '));
  return Promise.resolve();
};
const install = (
  more: Partial<ServiceRequest> = {},
  options: { readonly force?: boolean; readonly start?: boolean } = {},
): Promise<ServiceResult> =>
  installService({ ...request, ...more }, { root, run, start: true, ...options });
const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const modeOf = async (path: string): Promise<number> => (await stat(join(root, path))).mode & 0o777;
const states = (files: readonly FileResult[]): object =>
  Object.fromEntries(files.map(({ path, state }) => [path, state]));
const isThere = (path: string): Promise<boolean> =>
  stat(join(root, path)).then(
    () => true,
    () => false,
  );

describe('installing', () => {
  it('writes the files, makes the user, and starts', async () => {
    const { files, wereRun } = await install({ port: 9_994, planet: new Uint8Array([1, 2]) });
    expect(states(files)).toEqual({
      [sysusers]: 'written',
      [planet]: 'written',
      [unit]: 'written',
    });
    expect(await text(unit)).toContain(
      'ExecStart=/usr/bin/node /usr/lib/node_modules/overspan/dist/bin/overspan.js up ' +
        '--home /var/lib/overspan --port 9994 --planet /etc/overspan/planet\n',
    );
    expect(await text(sysusers)).toContain('\nu overspan - "Overspan node" /var/lib/overspan\n');
    expect(wereRun).toBe(true);
    expect(ran).toEqual([
      'systemd-sysusers overspan.conf',
      'systemctl daemon-reload',
      'systemctl enable overspan.service',
      'systemctl restart overspan.service',
    ]);
  });

  it('lets the service read what it must, whatever the umask is', async () => {
    const umask = process.umask(0o077);
    try {
      await install({ planet: new Uint8Array(1), storeUrl: 'postgres://a:b@c/d' });
    } finally {
      process.umask(umask);
    }
    expect(await modeOf('etc/overspan')).toBe(0o755);
    expect([await modeOf(planet), await modeOf(unit), await modeOf(environment)]).toEqual([
      0o644, 0o644, 0o600,
    ]);
  });

  it('puts a secret where root alone reads it, and nowhere else', async () => {
    await install({ storeUrl: 'postgres://a:hush@c/d' });
    expect(await text(environment)).toContain('\nOVERSPAN_STORE="postgres://a:hush@c/d"\n');
    expect(await text(unit)).not.toContain('hush');
    expect(ran.join()).not.toContain('hush');
  });

  it('changes nothing and disturbs nobody the second time', async () => {
    await install({ storeUrl: 'postgres://a:b@c/d' });
    ran = [];
    const { files } = await install({ storeUrl: 'postgres://a:b@c/d' });
    expect(new Set(files.map(({ state }) => state))).toEqual(new Set(['unchanged']));
    expect(ran.at(-1)).toBe('systemctl start overspan.service');
  });

  it('starts again with another port or version', async () => {
    await install();
    expect(states((await install({ port: 1 })).files)).toMatchObject({ [unit]: 'written' });
    expect(states((await install({ version: '1.2.4' })).files)).toMatchObject({
      [unit]: 'written',
    });
    expect(ran.at(-1)).toBe('systemctl restart overspan.service');
  });

  it('keeps a unit that was changed by hand, unless it is forced', async () => {
    await install();
    await appendFile(join(root, unit), '# mine\n');
    expect(states((await install({ port: 1 })).files)).toMatchObject({ [unit]: 'kept' });
    expect(await text(unit)).toMatch(/# mine\n$/);
    const { files } = await install({ port: 1 }, { force: true });
    expect(states(files)).toMatchObject({ [unit]: 'written' });
    expect(await text(unit)).not.toContain('# mine');
  });

  it('keeps a unit that somebody else wrote', async () => {
    await mkdir(join(root, 'etc/systemd/system'), { recursive: true });
    await writeFile(join(root, unit), '[Service]\nExecStart=/usr/bin/true\n');
    expect(states((await install()).files)).toMatchObject({ [unit]: 'kept' });
  });

  it('does not start where it was told not to', async () => {
    await install({}, { start: false });
    expect(ran.at(-1)).toBe('systemctl enable overspan.service');
  });

  it('runs nothing for an image, and says what is to be run', async () => {
    const result = await installService(request, { root, start: true });
    expect([result.wereRun, result.commands.length]).toEqual([false, 4]);
  });

  it('says which file is in the way', async () => {
    await writeFile(join(root, 'etc'), 'no directory');
    await expect(install()).rejects.toMatchObject({ code: 'SERVICE_FILES_UNWRITABLE', exit: 5 });
    expect(ran).toEqual([]);
  });
});

describe('a store of the service', () => {
  it.each([
    ['postgres://overspan:secret@127.0.0.1/overspan', true],
    ['postgresql://localhost/overspan', true],
    ['/var/lib/overspan/controller.db', true],
    ['/var/lib/overspan/../other.db', false],
    ['/srv/controller.db', false],
    ['controller.db', false],
    ['postgres://a/b\nUser=root', false],
  ])('%j: %s', (url, isUsable) => {
    expect(isUsableStore(url)).toBe(isUsable);
  });
});

describe('uninstalling', () => {
  const uninstall = (purge: boolean, force = false): Promise<ServiceResult> =>
    uninstallService({ root, run, purge, force });
  const key = 'var/lib/overspan/identity.secret';
  /** What a service that has run leaves. */
  const installed = async (): Promise<void> => {
    await install({ planet: new Uint8Array(1), storeUrl: 'postgres://a:b@c/d' });
    await mkdir(join(root, 'var/lib/overspan'), { recursive: true });
    await writeFile(join(root, key), 'key');
    await writeFile(join(root, 'etc/passwd'), 'overspan:x:998:998::/var/lib/overspan:/bin/false\n');
    ran = [];
  };

  it('stops it first, removes what was written, and keeps keys and state', async () => {
    await installed();
    const { files } = await uninstall(false);
    expect(states(files)).toEqual(
      Object.fromEntries(Object.values(servicePaths).map((path) => [path, 'removed'])),
    );
    expect(ran).toEqual(['systemctl disable --now overspan.service', 'systemctl daemon-reload']);
    expect([await isThere('etc/overspan'), await isThere(key)]).toEqual([false, true]);
  });

  it('purges everything', async () => {
    await installed();
    await appendFile(join(root, unit), '# mine\n');
    await uninstall(true);
    expect([await isThere(unit), await isThere('var/lib/overspan')]).toEqual([false, false]);
    expect(await isThere('var/lib')).toBe(true);
    expect(ran.at(-1)).toBe('userdel overspan');
  });

  it('keeps what was changed by hand, unless it is forced', async () => {
    await installed();
    await appendFile(join(root, environment), 'OVERSPAN_UDP=node\n');
    expect(states((await uninstall(false)).files)).toMatchObject({ [environment]: 'kept' });
    expect(await isThere(environment)).toBe(true);
    await uninstall(false, true);
    expect(await isThere('etc/overspan')).toBe(false);
  });

  it('does nothing where nothing is', async () => {
    expect(await uninstall(true)).toMatchObject({ files: [], commands: [] });
    expect(ran).toEqual([]);
  });
});

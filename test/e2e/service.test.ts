/** The node as a service: what the commands write for an image, and what they say where there is no systemd. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { errorOf, stage } from './program.ts';

const here = stage('service');
let images = 0;
const image = (): string => here.path(`image-${++images}`);
const unit = 'etc/systemd/system/overspan.service';
const secret = 'postgres://overspan:hush@127.0.0.1/overspan';

describe('overspan service', () => {
  it('installs into an image, and uninstalls from it', async () => {
    const root = image();
    const planet = here.path('planet');
    await here.overspan('root', 'init', '10.77.0.1/9993', '--out', planet);
    const words = ['--root', root, '--planet', planet, '--port', '9995', '--store', secret];
    const installed = await here.overspan('service', 'install', ...words);
    expect(installed.code, installed.stderr).toBe(0);
    expect(installed.stdout).toContain('written    /etc/systemd/system/overspan.service\n');
    expect(installed.stdout).toContain('to run     systemctl enable overspan.service\n');
    expect(installed.stdout).not.toContain('hush');
    const text = readFileSync(join(root, unit), 'utf8');
    expect(text).toContain(`ExecStart=${process.execPath} `);
    expect(text).toContain(' --port 9995 --planet /etc/overspan/planet\n');
    // What the service is to run is there, and is the program.
    const [, program = ''] = /^ExecStart=\S+ (\S+) up /m.exec(text) ?? [];
    expect((await here.run([process.execPath, program, '--version'])).code).toBe(0);
    expect(readFileSync(join(root, 'etc/overspan/planet'))).toEqual(readFileSync(planet));
    expect(statSync(join(root, 'etc/overspan/service.env')).mode & 0o777).toBe(0o600);

    const again = await here.overspan('service', 'install', ...words, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ wereRun: false, address: null });
    expect(again.stdout).not.toMatch(/written|hush/);

    const state = join(root, 'var/lib/overspan');
    mkdirSync(state, { recursive: true });
    expect((await here.overspan('service', 'uninstall', '--root', root)).code).toBe(0);
    expect([existsSync(join(root, unit)), existsSync(state)]).toEqual([false, true]);
    expect((await here.overspan('service', 'uninstall', '--purge', '--root', root)).code).toBe(0);
    expect(existsSync(state)).toBe(false);
    const nothing = await here.overspan('service', 'uninstall', '--root', root);
    expect(nothing).toMatchObject({ code: 0, stdout: 'nothing was installed\n' });
  });

  it('says what it would do, without secrets, and does nothing', async () => {
    const root = image();
    const words = ['service', 'install', '--dry-run', '--root', root, '--no-start'];
    const planned = await here.overspan(...words, '--store', secret);
    expect(planned.code, planned.stderr).toBe(0);
    expect(planned.stdout).toContain('DeviceAllow=/dev/net/tun rw');
    expect(planned.stdout).toContain('/etc/overspan/service.env, mode 600, not shown\n');
    expect(planned.stdout).toMatch(/systemctl enable overspan\.service\n$/);
    expect(planned.stdout).not.toContain('hush');
    expect(existsSync(root)).toBe(false);
  });

  it('refuses what the service could not use, before it writes', async () => {
    const root = image();
    const file = here.path('no-planet');
    writeFileSync(file, 'none');
    const install = ['service', 'install', '--root', root, '--json'];
    const store = await here.overspan(...install, '--store', 'mysql://a:hush@b/c');
    expect([store.code, errorOf(store).code]).toEqual([2, 'OPTION_INVALID']);
    expect(store.stdout + store.stderr).not.toContain('hush');
    const planet = await here.overspan(...install, '--planet', file);
    expect([planet.code, errorOf(planet).code]).toEqual([2, 'PLANET_INVALID']);
    expect(existsSync(root)).toBe(false);
  });

  it('says what to do where there is no systemd', async (context) => {
    if (existsSync('/run/systemd/system')) context.skip('systemd runs this machine');
    const ended = await here.overspan('service', 'install', '--json');
    expect([ended.code, errorOf(ended).code]).toEqual([4, 'SYSTEMD_MISSING']);
    expect(errorOf(ended).remedy).toMatch(/overspan up.*Containerfile/);
    expect(existsSync(`/${unit}`)).toBe(false);
  });
});

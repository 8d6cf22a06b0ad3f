/** A controller that is lost, and made again out of its backup elsewhere: its members go on. In namespaces. */
import { rmSync, writeFileSync } from 'node:fs';

import { beforeAll, expect, it } from 'vitest';

import { describeNodes, nodeLab, type NodeHost } from './node-lab.ts';
import { errorOf, stage, type Program } from './program.ts';

const here = stage('backup');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = ['root', 'a', 'b'].map((name) => lab.host(name)) as [
  NodeHost,
  NodeHost,
  NodeHost,
];
const passphrase = here.path('passphrase');
const backup = here.path('root.backup');
const database = here.path('elsewhere.db');
let daemon: Program;
let network = '';
/** IPv4 of b in the network. */
let target = '';

interface Joined {
  readonly network: { readonly assignedAddresses: readonly string[] };
}

interface Counts {
  readonly address: string;
  readonly recordCounts: { readonly networks: number; readonly members: number };
}

beforeAll(async () => {
  writeFileSync(passphrase, 'correct horse\n');
  daemon = await root.up('-v');
  await Promise.all([a.up('-v'), b.up('-v')]);
  const made = await root.json<{ network: { id: string } }>('network', 'create');
  network = made.network.id;
  for (const host of [a, b]) {
    await host.online();
    const { address } = await host.json<{ address: string }>('info');
    await root.json('member', 'authorize', network, address);
    const joined = await host.json<Joined>('join', network);
    const ipv4 = joined.network.assignedAddresses.find((each) => /^\d+\./.test(each)) ?? '';
    if (host === b) target = ipv4.split('/')[0] ?? '';
  }
});

describeNodes('a controller that is lost', () => {
  it('was backed up while it ran', async () => {
    const made = await root.json<Counts>('backup', backup, '--passphrase-file', passphrase);
    expect(made.recordCounts).toMatchObject({ networks: 1, members: 2 });
    const again = await root.overspan('backup', backup, '--passphrase-file', passphrase, '--json');
    expect(errorOf(again).code).toBe('BACKUP_FILE_UNUSABLE');
    // Of a database that is not the daemon's nothing is made.
    const wrong = ['--passphrase-file', passphrase, '--store', here.path('none.db'), '--json'];
    const refused = await root.overspan('backup', here.path('other.backup'), ...wrong);
    expect(errorOf(refused).code).toBe('BACKUP_WRONG_STORE');
    expect((await a.ping(target)).received).toBe(3);
  });

  it('is not restored over itself while it runs, nor with another passphrase', async () => {
    const words = ['restore', backup, '--json', '--passphrase-file'];
    expect(errorOf(await root.overspan(...words, passphrase)).code).toBe('HOME_IN_USE');
    const wrong = here.path('wrong');
    writeFileSync(wrong, 'another horse');
    expect(errorOf(await root.overspan(...words, wrong)).code).toBe('BACKUP_PASSPHRASE_WRONG');
  });

  it('goes on in a new home and another database, and so do its members', async () => {
    await daemon.kill();
    rmSync(root.home, { recursive: true });
    const words = ['--passphrase-file', passphrase, '--store', database];
    const restored = await root.json<Counts>('restore', backup, ...words);
    expect(restored.recordCounts).toMatchObject({ networks: 1, members: 2 });
    daemon = await root.up('-v', '--store', database);
    expect(await root.json('info')).toMatchObject({ address: restored.address });
    await a.online();
    expect((await a.ping(target)).received).toBe(3);
    const { members } = await root.json<{ members: { id: string }[] }>('member', 'list', network);
    expect(members).toHaveLength(2);
  });

  it('still puts out whom it let in', { timeout: 150_000 }, async () => {
    const { address } = await b.json<{ address: string }>('info');
    await root.json('member', 'deauthorize', network, address);
    await expect
      .poll(
        async () => {
          const { joined } = await b.json<{ joined: { status: string }[] }>('network', 'list');
          return joined[0]?.status;
        },
        // It has not heard of its members yet, and tells them when they ask: at least once a minute.
        { timeout: 120_000 },
      )
      .toBe('ACCESS_DENIED');
    // Nothing is answered any more: the program would ping for ever.
    const asked = a.start(a.pingWords(target, 1), { timeoutMs: 3_000 });
    await expect(asked.ended).rejects.toThrow(/more than/);
  });
});

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Engine } from '../../src/harness/engine/index.ts';
import { listLabs, takeDownLab, withLab, type LabOptions } from '../../src/harness/lab/index.ts';
import { inHome, kinds, machineState, needKind, processesOf } from './machine.ts';
import { runMaker } from './run-maker.ts';
import { sleeper } from './sleeper.ts';
import { echo } from './traffic.ts';

describe.each(kinds)('a lab, %s', (kind) => {
  const options = (home: string, more: Partial<LabOptions> = {}): LabOptions => ({
    home,
    engines: ['direct', 'vxlan'],
    rootless: kind === 'rootless',
    ...more,
  });

  it('is left without a trace when any of its steps fails', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const steps: string[] = [];
      await withLab(options(home, { onStep: (what) => steps.push(what) }), () => Promise.resolve());
      expect(steps.length).toBeGreaterThan(6);
      const before = await machineState(home);
      for (const failing of steps) {
        let undoneId = '';
        const onStep = (what: string): void => {
          undoneId = listLabs(home)[0]?.id ?? '';
          if (what === failing) throw new Error(`injected at ${failing}`);
        };
        const making = withLab(options(home, { onStep }), () => Promise.reject(new Error('made')));
        await expect(making).rejects.toThrow(`injected at ${failing}`);
        expect(undoneId).toMatch(/^[0-9a-f]{6}$/);
        expect(await machineState(home), failing).toEqual(before);
      }
    });
  });

  it('is left without a trace when it is interrupted', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const before = await machineState(home);
      const stop = new AbortController();
      const onStep = (what: string): void => {
        if (what === 'underlay of a') stop.abort();
      };
      const making = withLab(options(home, { onStep, signal: stop.signal }), () =>
        Promise.reject(new Error('made')),
      );
      await expect(making).rejects.toMatchObject({ code: 'LAB_INTERRUPTED' });
      expect(await machineState(home)).toEqual({ ...(before as object), journals: [] });
    });
  });

  it('is taken down with its processes when the body throws', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const before = (await machineState(home)) as object;
      let id = '';
      const failing = withLab(options(home), async (lab) => {
        id = lab.id;
        const argv = [process.execPath, '-e', 'setInterval(() => {}, 99)'];
        const child = await lab.hosts.b.spawn(argv, { stdout: 'ignore', stderr: 'ignore' });
        expect(processesOf(id)).toEqual([child.pid]);
        throw new Error('of the body');
      });
      await expect(failing).rejects.toThrow('of the body');
      expect(processesOf(id)).toEqual([]);
      expect(await machineState(home)).toEqual({ ...before, journals: [] });
    });
  });

  it('ends the daemons of an engine with it, and removes its files, and goes on', async (context) => {
    await needKind(context, kind);
    await inHome((home) =>
      withLab(options(home), async (lab) => {
        const { network } = await lab.raise(sleeper);
        const directory = join(home, 'labs', `${lab.id}.sleeper`);
        expect(readdirSync(directory).sort()).toEqual(['file', 'sleeper-a.log', 'sleeper-b.log']);
        expect(statSync(directory).mode & 0o777).toBe(0o700);
        expect(processesOf(lab.id)).toHaveLength(2);
        await network.down();
        expect(processesOf(lab.id)).toEqual([]);
        expect(existsSync(directory)).toBe(false);
        const { a, b } = lab.hosts;
        expect(await echo(a, b, lab.engines[1]!.addressOf(b), 'still')).toBe('still');
      }),
    );
  });

  it('may exist twice at once, with the same addresses', async (context) => {
    await needKind(context, kind);
    await inHome((home) =>
      withLab(options(home), (first) =>
        withLab(options(home), async (second) => {
          const ids = listLabs(home).map(({ id }) => id);
          expect(ids.sort()).toEqual([first.id, second.id].sort());
          const vxlan = first.engines[1]!;
          const address = vxlan.addressOf(first.hosts.b);
          expect(second.engines[1]!.addressOf(second.hosts.b)).toBe(address);
          const answers = await Promise.all([
            echo(first.hosts.a, first.hosts.b, address, 'one'),
            echo(second.hosts.a, second.hosts.b, address, 'two'),
          ]);
          expect(answers).toEqual(['one', 'two']);
          // The command of another user of the home must not take a lab that is in use.
          await expect(takeDownLab(home, first.id)).rejects.toMatchObject({ code: 'LAB_IN_USE' });
        }),
      ),
    );
  });

  it('runs commands where we are, in the host that was meant', async (context) => {
    await needKind(context, kind);
    await inHome((home) =>
      withLab(options(home, { engines: ['direct'] }), async ({ id, hosts }) => {
        const script = 'console.log(process.cwd(), process.env.OVERSPAN_LAB)';
        const { stdout } = await hosts.a.run([process.execPath, '-e', script]);
        expect(stdout).toBe(`${process.cwd()} ${id}\n`);
        expect((await hosts.b.run(['ip', '-br', 'address'])).stdout).toContain('10.77.0.2/24');
        const exit = await hosts.b.spawn([process.execPath, '-e', 'process.exit(7)']);
        expect(await exit.exited).toEqual({ exitCode: 7, signal: null });
      }),
    );
  });

  it('carries nothing that nobody sent', async (context) => {
    await needKind(context, kind);
    await inHome((home) =>
      withLab(options(home), async ({ hosts, engines }) => {
        for (const { network } of engines) {
          const { overlayTxPackets, underlayTxPackets } = await network.cost(hosts.a);
          expect([overlayTxPackets, underlayTxPackets]).toEqual([0, 0]);
        }
      }),
    );
  });

  it('goes on when one more engine fails half-way', async (context) => {
    await needKind(context, kind);
    await inHome((home) =>
      withLab(options(home), async (lab) => {
        const { a } = lab.hosts;
        const links = await a.ip('-br', 'link');
        const half: Engine = {
          name: 'half',
          summary: 'makes a link and fails',
          doctor: () => Promise.resolve([]),
          up: async ({ step }) => {
            const undo = { kind: 'link', namespace: a.namespace, link: 'half0' } as const;
            await step('half', undo, () => a.ip('link', 'add', 'half0', 'type', 'veth'));
            throw new Error('half-way');
          },
        };
        await expect(lab.raise(half)).rejects.toThrow('half-way');
        expect(await a.ip('-br', 'link')).toBe(links);
        expect(lab.engines.map(({ name }) => name)).toEqual(['direct', 'vxlan']);
        const { b } = lab.hosts;
        expect(await echo(a, b, lab.engines[1]!.addressOf(b), 'still')).toBe('still');
      }),
    );
  });
});

describe('where namespaces are refused', () => {
  it('a lab says so with a remedy before anything is made', async (context) => {
    await needKind(context, 'rootless');
    await inHome(async (home) => {
      // A user namespace in which no further namespace may be made is such a machine.
      const limits = '/proc/sys/user/max_net_namespaces /proc/sys/user/max_user_namespaces';
      const refuse = `for limit in ${limits}; do echo 0 > $limit; done; exec "$@"`;
      const order = { home, rootless: false, dieAt: null, user: null };
      const { exit, stderr } = await runMaker(order, [
        ...['unshare', '--user', '--map-root-user', 'sh', '-c', refuse, 'sh'],
      ]);
      expect(exit).toEqual({ exitCode: 1, signal: null });
      expect(stderr).toContain("code: 'LAB_NAMESPACES_REFUSED'");
      expect(stderr).toContain('sysctl -w user.max_user_namespaces');
      expect(listLabs(home)).toEqual([]);
      expect(existsSync(join(home, 'labs'))).toBe(false);
    });
  });

  it('an unknown engine is refused before anything is made', async () => {
    await inHome(async (home) => {
      const making = withLab({ home, engines: ['pigeon'] }, () => Promise.resolve());
      await expect(making).rejects.toMatchObject({ code: 'ENGINE_NOT_FOUND' });
      expect(existsSync(join(home, 'labs'))).toBe(false);
    });
  });
});

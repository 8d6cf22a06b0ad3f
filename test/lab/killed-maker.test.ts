import { chownSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { listLabs, sweepLabs } from '../../src/harness/lab/index.ts';
import { processesMarked } from '../../src/sys/process-identity.ts';
import { labMark } from '../../src/harness/lab/undo.ts';
import { inHome, kinds, machineState, needKind, processesOf } from './machine.ts';
import { overspan, runMaker } from './run-maker.ts';

/** Before the first step, between steps of each sort, and with a server running in the lab. */
const deaths = ['host a', 'cable between a and b', 'vxlan on b', 'up'];

describe.each(kinds)('a lab whose maker was killed, %s', (kind) => {
  it.for(deaths)('before "%s" is taken down by the next sweep', async (dieAt, context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const before = (await machineState(home)) as object;
      const order = { home, rootless: kind === 'rootless', dieAt, user: null };
      const { exit } = await runMaker(order);
      expect(exit.signal).toBe('SIGKILL');
      const [left] = listLabs(home);
      expect(left).toBeDefined();
      // The server, and a daemon on each host.
      if (dieAt === 'up') expect(processesOf(left!.id)).toHaveLength(3);

      expect(await sweepLabs(home)).toEqual({ swept: [left!.id], failures: [] });
      expect(processesOf(left!.id)).toEqual([]);
      expect(await machineState(home)).toEqual({ ...before, journals: [] });
      expect(await sweepLabs(home)).toEqual({ swept: [], failures: [] });
    });
  });

  it('is taken down once by two sweeps at once', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const before = (await machineState(home)) as object;
      await runMaker({ home, rootless: kind === 'rootless', dieAt: 'up', user: null });
      const sweeps = await Promise.all([sweepLabs(home), sweepLabs(home)]);
      expect(sweeps.flatMap(({ failures }) => failures)).toEqual([]);
      expect(await machineState(home)).toEqual({ ...before, journals: [] });
    });
  });

  it('is taken down by the next command, which says so', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      await runMaker({ home, rootless: kind === 'rootless', dieAt: 'vxlan on a', user: null });
      const id = listLabs(home)[0]!.id;
      const { stderr, exit } = await overspan('lab', 'list', '--home', home);
      expect(stderr).toContain(`took down lab ${id}, whose maker had died`);
      expect(exit.exitCode).toBe(0);
      expect(listLabs(home)).toEqual([]);
    });
  });
});

describe('a lab of an unprivileged user', () => {
  const nobody = 65_534;

  it('is made, used and taken down, and swept when its maker is killed', async (context) => {
    if (process.getuid?.() !== 0)
      context.skip('only root can become nobody; the rootless tests ran as this user');
    await needKind(context, 'rootless');
    await inHome(async (home) => {
      chownSync(home, nobody, nobody);
      const before = (await machineState(home)) as object;
      const order = { home, rootless: false, user: nobody };
      const whole = await runMaker({ ...order, dieAt: null });
      expect(whole.stderr).toBe('');
      expect(whole.stdout).toMatch(/^[0-9a-f]{6} rootless 65534\n$/);
      expect(await machineState(home)).toEqual({ ...before, journals: [] });

      const killed = await runMaker({ ...order, dieAt: 'up' });
      expect(killed.exit.signal).toBe('SIGKILL');
      const id = killed.stdout.split(' ')[0]!;
      expect(processesMarked(labMark, id)).toHaveLength(3);
      // The sweep is nobody's too: it is the first thing that the next maker does.
      const next = await runMaker({ ...order, dieAt: null });
      expect(next.stderr).toBe('');
      expect(processesMarked(labMark, id)).toEqual([]);
      expect(await machineState(home)).toEqual({ ...before, journals: [] });
    });
  });
});

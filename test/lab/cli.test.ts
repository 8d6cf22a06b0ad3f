import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/harness/doctor/index.ts';
import { listLabs, takeDownLab } from '../../src/harness/lab/index.ts';
import { isAlive } from '../../src/sys/process-identity.ts';
import { inHome, kinds, machineState, needKind } from './machine.ts';
import { overspan } from './run-maker.ts';

describe.each(kinds)('overspan lab, %s', (kind) => {
  it('makes a lab that stays, runs commands in it, lists it and takes it down', async (context) => {
    await needKind(context, kind);
    await inHome(async (home) => {
      const before = (await machineState(home)) as object;
      try {
        const flags = kind === 'rootless' ? ['--rootless'] : [];
        const up = await overspan('lab', 'up', '--home', home, ...flags);
        expect(up.exit.exitCode, up.stderr).toBe(0);
        const [lab] = listLabs(home);
        expect(up.stdout).toContain(`lab ${lab!.id} is up`);
        expect(up.stdout).toMatch(/^vxlan +10\.78\.2\.1 +10\.78\.2\.2 +vxlan 42 over eth0, UDP/m);
        expect(up.stderr).toContain(`overspan lab down ${lab!.id}`);

        const list = await overspan('lab', 'list', '--home', home, '--json');
        const { labs } = JSON.parse(list.stdout) as { labs: unknown[] };
        expect(labs).toMatchObject([{ id: lab!.id, owner: null, phase: 'up', shell: { kind } }]);

        const script = 'ip -br address show dev vxlan42; exit 7';
        const exec = await overspan(
          ...['lab', 'exec', 'b', '--home', home, '--lab', lab!.id, '--', 'sh', '-c', script],
        );
        expect(exec.stdout).toContain('10.78.2.2/24');
        expect(exec.exit.exitCode).toBe(7);
        const unknown = await overspan('lab', 'exec', 'c', '--home', home, '--', 'true');
        expect(unknown.stderr).toContain('LAB_HOST_UNKNOWN');
        expect(unknown.exit.exitCode).toBe(4);

        const down = await overspan('lab', 'down', '--home', home);
        expect(down.stdout).toBe(`lab ${lab!.id} is down\n`);
        if (lab!.shell.kind === 'rootless') expect(isAlive(lab!.shell.holder)).toBe(false);
      } finally {
        for (const { id } of listLabs(home)) await takeDownLab(home, id);
      }
      expect(await machineState(home)).toEqual({ ...before, journals: [] });
    });
  });
});

describe('overspan doctor', () => {
  it('finds what is here, and says it in words and as JSON', async (context) => {
    await needKind(context, 'rootless');
    await inHome(async (home) => {
      const before = await machineState(home);
      const { stdout, exit } = await overspan('doctor', '--home', home, '--json');
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      const statuses = Object.fromEntries(findings.map(({ id, status }) => [id, status]));
      expect(statuses).toMatchObject({ ip: 'ok', 'namespaces-rootless': 'ok', labs: 'ok' });
      expect(statuses).toHaveProperty('clock-source');
      expect(statuses).toHaveProperty('congestion-control');
      expect(statuses).toHaveProperty('engine-vxlan');
      expect(exit.exitCode).toBe(0);
      expect(await machineState(home)).toEqual(before);
    });
  });

  it('exits with 1 when something that is needed is missing', async () => {
    const { stdout, exit } = await overspan('doctor', '--home', '/proc/none');
    expect(stdout).toMatch(/^missing {2}home .*\/proc\/none cannot be written/m);
    expect(stdout).toContain('remedy: choose another: --home DIRECTORY');
    expect(exit.exitCode).toBe(1);
  });
});

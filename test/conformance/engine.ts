/**
 * What every overlay engine must do: a function of the engine, run as root and rootless. A new engine is one line in
 * `engine.test.ts` (it comes from the registry) and what is expected of its path.
 */
import { describe, expect, it } from 'vitest';

import { hostTools } from '../../src/harness/doctor/host-tools.ts';
import type { Cost, Engine, PathFacts } from '../../src/harness/engine/index.ts';
import { withLab, type Lab } from '../../src/harness/lab/index.ts';
import { inHome, kinds, machineState, needKind } from '../lab/machine.ts';
import { echo, sendDatagrams } from '../lab/traffic.ts';

export interface EngineExpectations {
  /** What the facts of a path between two hosts must be, as far as it is known beforehand. */
  readonly path: Partial<PathFacts>;
  /** Underlay packets that one packet of the overlay's MTU becomes. */
  readonly fragmentCount: number;
  /**
   * Bytes that the engine adds to a datagram that fits, from the counter of its link to the counter of the underlay's;
   * null where it varies.
   */
  readonly overheadBytes: number | null;
}

export function engineConformance(engine: Engine, expected: EngineExpectations): void {
  it('answers the doctor', async () => {
    const findings = await engine.doctor(hostTools());
    for (const { message, status, remedy } of findings) {
      expect(message).not.toBe('');
      expect(remedy === null).toBe(status === 'ok');
    }
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  describe.each(kinds)('%s', (kind) => {
    const inLab = (body: (lab: Lab) => Promise<void>, onStep?: (what: string) => void) =>
      inHome((home) => withLab({ home, engines: [], rootless: kind === 'rootless', onStep }, body));

    it('carries traffic both ways between the addresses it names', async (context) => {
      await needKind(context, kind);
      await inLab(async (lab) => {
        const { a, b } = lab.hosts;
        const raised = await lab.raise(engine);
        expect(raised.addressOf(a)).not.toBe(raised.addressOf(b));
        expect(await echo(a, b, raised.addressOf(b), 'from a')).toBe('from a');
        expect(await echo(b, a, raised.addressOf(a), 'from b')).toBe('from b');
      });
    });

    it('says which way packets take, as the system has it', async (context) => {
      await needKind(context, kind);
      await inLab(async (lab) => {
        const raised = await lab.raise(engine);
        const { path, network } = raised;
        expect(path).toMatchObject({
          ...expected.path,
          sourceAddress: raised.addressOf(lab.hosts.a),
        });
        expect(path.description).toContain(`MTU ${path.mtuBytes}`);
        expect(path.mtuBytes).toBeLessThanOrEqual(path.underlayMtuBytes);
        expect(path.congestionControl).toBe('cubic');
        const back = await network.path(lab.hosts.b, lab.hosts.a);
        expect(back).toEqual({ ...path, sourceAddress: raised.addressOf(lab.hosts.b) });
      });
    });

    it('carries packets as large as the MTU it names', async (context) => {
      await needKind(context, kind);
      await inLab(async (lab) => {
        const raised = await lab.raise(engine);
        const { path, network } = raised;
        const address = raised.addressOf(lab.hosts.b);
        await echo(lab.hosts.a, lab.hosts.b, address, 'so that the neighbours know each other');
        const before = await network.cost(lab.hosts.a);
        // IPv4 and UDP headers are 28 bytes.
        await sendDatagrams(lab.hosts.a, address, 50, path.mtuBytes - 28);
        const spent = growth(before, await network.cost(lab.hosts.a));
        // Something of the engine's own (a keepalive) may lie between, but not once a packet.
        expect(Math.floor(spent.overlayTxPackets / 50)).toBe(1);
        expect(Math.floor(spent.underlayTxPackets / 50)).toBe(expected.fragmentCount);
      });
    });

    it('counts what was sent and what it added', async (context) => {
      await needKind(context, kind);
      await inLab(async (lab) => {
        const raised = await lab.raise(engine);
        const { network } = raised;
        const address = raised.addressOf(lab.hosts.b);
        await echo(lab.hosts.a, lab.hosts.b, address, 'so that the neighbours know each other');
        const before = await network.cost(lab.hosts.a);
        await sendDatagrams(lab.hosts.a, address, 100, 500);
        const spent = growth(before, await network.cost(lab.hosts.a));
        expect(spent.overlayTxPackets).toBeGreaterThanOrEqual(100);
        expect(spent.overlayTxBytes).toBeGreaterThanOrEqual(100 * 528);
        expect(spent.underlayTxBytes).toBeGreaterThanOrEqual(spent.overlayTxBytes);
        if (expected.overheadBytes !== null) {
          const overhead = (spent.underlayTxBytes - spent.overlayTxBytes) / 100;
          expect(overhead).toBe(expected.overheadBytes);
        }
      });
    });

    it('leaves nothing when it goes down, twice if need be', async (context) => {
      await needKind(context, kind);
      await inLab(async (lab) => {
        const before = await linksAndRoutes(lab);
        const { network } = await lab.raise(engine);
        await network.down();
        expect(await linksAndRoutes(lab)).toEqual(before);
        await network.down();
        expect(lab.engines).toEqual([]);
        // And it can come up again.
        await lab.raise(engine);
      });
    });

    it('that fails in the middle is undone, and the lab goes on', async (context) => {
      await needKind(context, kind);
      let failing = -1;
      let count = 0;
      const onStep = (): void => {
        if (count++ === failing) throw new Error('injected');
      };
      await inLab(async (lab) => {
        const before = await linksAndRoutes(lab);
        count = 0;
        const { network } = await lab.raise(engine);
        const stepCount = count;
        await network.down();
        for (failing = 0; failing < stepCount; failing++) {
          count = 0;
          await expect(lab.raise(engine)).rejects.toThrow('injected');
          expect(await linksAndRoutes(lab)).toEqual(before);
        }
        failing = -1;
        await lab.raise(engine);
      }, onStep);
    });

    it('leaves the machine as it was', async (context) => {
      await needKind(context, kind);
      await inHome(async (home) => {
        const before = (await machineState(home)) as { journals: string[] };
        const rootless = kind === 'rootless';
        await withLab({ home, engines: [engine.name], rootless }, async (lab) => {
          expect(lab.engines.map(({ name }) => name)).toEqual([engine.name]);
          expect(await machineState(home)).not.toEqual(before);
        });
        expect(await machineState(home)).toEqual(before);
      });
    });
  });
}

async function linksAndRoutes({ hosts }: Lab): Promise<string[]> {
  const texts: string[] = [];
  for (const host of [hosts.a, hosts.b])
    texts.push(await host.ip('-br', 'address'), await host.ip('route', 'show', 'table', 'all'));
  return texts;
}

/** The differences of counters that must be known. */
function growth(
  before: Cost,
  after: Cost,
): Record<'overlayTxBytes' | 'overlayTxPackets' | 'underlayTxBytes' | 'underlayTxPackets', number> {
  const of = (counter: keyof Cost): number => {
    const [from, to] = [before[counter], after[counter]];
    expect(from, counter).not.toBeNull();
    expect(to, counter).not.toBeNull();
    return to! - from!;
  };
  return {
    overlayTxBytes: of('overlayTxBytes'),
    overlayTxPackets: of('overlayTxPackets'),
    underlayTxBytes: of('underlayTxBytes'),
    underlayTxPackets: of('underlayTxPackets'),
  };
}

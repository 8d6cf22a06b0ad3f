/**
 * What every overlay engine must do: a function of the engine, run as root and rootless. A new engine is one line in
 * `engine.test.ts` (it comes from the registry) and what is expected of its path.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, describe, expect, it, type TestContext } from 'vitest';

import { hostTools } from '../../src/harness/doctor/host-tools.ts';
import type { Cost, Engine, PathFacts } from '../../src/harness/engine/index.ts';
import { withLab, type Lab, type LabEngine } from '../../src/harness/lab/index.ts';
import { inHome, kinds, machineState, needKind, processesOf, type Kind } from '../lab/machine.ts';
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
  /**
   * Whether the engine has daemons: then it must say what they use, and takes seconds to come up, so that it fails in the
   * middle as root alone.
   */
  readonly hasDaemons: boolean;
}

export function engineConformance(engine: Engine, expected: EngineExpectations): void {
  let lacks: Promise<string> | undefined;
  /** Skips, with the reason, where the machine has not what the engine needs. */
  const needEngine = async (context: TestContext): Promise<void> => {
    lacks ??= engine
      .doctor(hostTools())
      .then((findings) =>
        findings.flatMap(({ status, message }) => (status === 'ok' ? [] : [message])).join('; '),
      );
    if ((await lacks) !== '') context.skip(await lacks);
  };

  it('answers the doctor', async (context) => {
    const findings = await engine.doctor(hostTools());
    expect(findings.length).toBeGreaterThanOrEqual(expected.hasDaemons ? 2 : 0);
    for (const { message, status, remedy } of findings) {
      expect(message).not.toBe('');
      expect(remedy === null).toBe(status === 'ok');
    }
    await needEngine(context);
  });

  describe.each(kinds)('%s', (kind) => {
    const need = async (context: TestContext): Promise<void> => {
      await needKind(context, kind);
      await needEngine(context);
    };
    const inLab = (onStep: () => void, body: (lab: Lab) => Promise<void>): Promise<void> =>
      inHome((home) => withLab({ home, engines: [], rootless: kind === 'rootless', onStep }, body));
    const standing = standingLab(kind, engine);
    afterAll(async () => {
      await standing.close();
    });

    it('carries traffic both ways between the addresses it names', async (context) => {
      await need(context);
      const { lab, raised } = await standing.open();
      const { a, b } = lab.hosts;
      expect(raised.addressOf(a)).not.toBe(raised.addressOf(b));
      expect(await echo(a, b, raised.addressOf(b), 'from a')).toBe('from a');
      expect(await echo(b, a, raised.addressOf(a), 'from b')).toBe('from b');
    });

    it('says which way packets take, as the system has it', async (context) => {
      await need(context);
      const { lab, raised } = await standing.open();
      const { path, network } = raised;
      expect(path).toMatchObject({
        ...expected.path,
        sourceAddress: raised.addressOf(lab.hosts.a),
      });
      expect(path.description).toContain(`MTU ${path.mtuBytes}`);
      if (expected.fragmentCount === 1)
        expect(path.mtuBytes).toBeLessThanOrEqual(path.underlayMtuBytes);
      expect(path.congestionControl).toBe('cubic');
      const back = await network.path(lab.hosts.b, lab.hosts.a);
      expect(back).toEqual({ ...path, sourceAddress: raised.addressOf(lab.hosts.b) });
    });

    it('carries packets as large as the MTU it names', async (context) => {
      await need(context);
      const { lab, raised } = await standing.open();
      const { path, network } = raised;
      const { a } = lab.hosts;
      // A link that cuts by itself counts many datagrams of one system call as one.
      await a.run(['ethtool', '-K', path.underlayInterface, 'tx-udp-segmentation', 'off']);
      const before = await network.cost(a);
      // IPv4 and UDP headers are 28 bytes.
      await sendDatagrams(a, raised.addressOf(lab.hosts.b), 50, path.mtuBytes - 28);
      const spent = await settled(before, () => network.cost(a), {
        overlayPackets: 50,
        underlayPackets: 50 * expected.fragmentCount,
      });
      // Something of the engine's own (a keepalive) may lie between, but not once a packet.
      expect(Math.floor(spent.overlayTxPackets / 50)).toBe(1);
      expect(Math.floor(spent.underlayTxPackets / 50)).toBe(expected.fragmentCount);
    });

    it('counts what was sent and what it added', async (context) => {
      await need(context);
      const { lab, raised } = await standing.open();
      const { network } = raised;
      const { a } = lab.hosts;
      const before = await network.cost(a);
      await sendDatagrams(a, raised.addressOf(lab.hosts.b), 100, 500);
      const spent = await settled(before, () => network.cost(a), {
        overlayPackets: 100,
        underlayPackets: 100,
      });
      expect(spent.overlayTxPackets).toBeGreaterThanOrEqual(100);
      expect(spent.overlayTxBytes).toBeGreaterThanOrEqual(100 * 528);
      expect(spent.underlayTxBytes).toBeGreaterThanOrEqual(spent.overlayTxBytes);
      if (expected.overheadBytes !== null) {
        const overhead = (spent.underlayTxBytes - spent.overlayTxBytes) / 100;
        expect(overhead).toBe(expected.overheadBytes);
      }
    });

    it('says what its daemons use, where it has some', async (context) => {
      await need(context);
      const { lab, raised } = await standing.open();
      for (const host of [lab.hosts.a, lab.hosts.b]) {
        const { processCpuNs, residentBytes } = await raised.network.cost(host);
        if (expected.hasDaemons) {
          // In ticks of 10 ms, of which to start takes the smallest of them none on a fast machine.
          expect(processCpuNs).toBeGreaterThanOrEqual(0);
          expect(residentBytes).toBeGreaterThan(1e6);
        } else expect([processCpuNs, residentBytes]).toEqual([null, null]);
      }
    });

    it('leaves the machine as it was, and no process', async (context) => {
      await need(context);
      const { id } = (await standing.open()).lab;
      const { before, during, after } = (await standing.close())!;
      expect(during.journals).not.toEqual(before.journals);
      // The lab stood for a while: namespaces that others have made meanwhile are theirs.
      expect(during.namespaces.includes(id)).toBe(kind === 'root');
      expect(after.namespaces).not.toContain(id);
      expect([after.links, after.journals]).toEqual([before.links, before.journals]);
      expect(processesOf(id)).toEqual([]);
    });

    if (kind === 'root' || !expected.hasDaemons)
      it('that fails in the middle is undone, comes up after all, and goes down, twice if need be', async (context) => {
        await need(context);
        let failing = -1;
        let count = 0;
        const onStep = (): void => {
          if (count++ === failing) throw new Error('injected');
        };
        const raise = async (lab: Lab): Promise<LabEngine | null> => {
          count = 0;
          try {
            return await lab.raise(engine);
          } catch (error) {
            expect(error).toHaveProperty('message', 'injected');
            return null;
          }
        };
        await inLab(onStep, async (lab) => {
          const before = await linksAndRoutes(lab);
          const expectNothing = async (): Promise<void> => {
            expect(await linksAndRoutes(lab)).toEqual(before);
            expect(processesOf(lab.id)).toEqual([]);
            expect(lab.engines).toEqual([]);
          };
          let raised: LabEngine | null = null;
          for (failing = 0; raised === null; failing++) {
            raised = await raise(lab);
            if (raised === null) await expectNothing();
          }
          expect(failing - 1).toBe(count);
          const { a, b } = lab.hosts;
          expect(await echo(a, b, raised.addressOf(b), 'after all')).toBe('after all');
          await raised.network.down();
          await expectNothing();
          await raised.network.down();
          await expectNothing();
        });
      });
  });
}

interface Standing {
  readonly lab: Lab;
  readonly raised: LabEngine;
}

interface MachineState {
  readonly namespaces: string;
  readonly links: readonly string[];
  readonly journals: readonly string[];
}

/** The machine without a lab, with it, and without it again. */
interface Machine {
  readonly before: MachineState;
  readonly during: MachineState;
  readonly after: MachineState;
}

/** A lab with the engine up, from the first test that asks for it until it is closed. */
function standingLab(
  kind: Kind,
  engine: Engine,
): { open: () => Promise<Standing>; close: () => Promise<Machine | undefined> } {
  let opened: Promise<Standing> | undefined;
  let closed: Promise<Machine> | undefined;
  let end = (): void => undefined;
  const isToEnd = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stand = (
    resolve: (standing: Standing) => void,
    reject: (error: unknown) => void,
  ): Promise<Machine> =>
    inHome(async (home) => {
      const before = await stateOf(home);
      let during = before;
      const options = { home, engines: [engine.name], rootless: kind === 'rootless' };
      try {
        await withLab(options, async (lab) => {
          during = await stateOf(home);
          const [raised] = lab.engines;
          if (raised === undefined) throw new Error('the engine is up');
          const { a, b } = lab.hosts;
          await echo(a, b, raised.addressOf(b), 'so that the neighbours know each other');
          resolve({ lab, raised });
          await isToEnd;
        });
      } catch (error) {
        reject(error);
      }
      return { before, during, after: await stateOf(home) };
    });
  return {
    open: () =>
      (opened ??= new Promise((resolve, reject) => {
        closed = stand(resolve, reject);
      })),
    close: () => {
      end();
      return closed ?? Promise.resolve(undefined);
    },
  };
}

async function stateOf(home: string): Promise<MachineState> {
  return (await machineState(home)) as MachineState;
}

async function linksAndRoutes({ hosts }: Lab): Promise<string[]> {
  const texts: string[] = [];
  for (const host of [hosts.a, hosts.b])
    texts.push(await host.ip('-br', 'address'), await host.ip('route', 'show', 'table', 'all'));
  return texts;
}

/**
 * What was spent, once so many packets have left: a daemon sends in its own time, and the counters of the two links are read one
 * after the other. Where it hands several packets to the kernel as one there are fewer: then it is over when all bytes have left and
 * no more come.
 */
async function settled(
  before: Cost,
  read: () => Promise<Cost>,
  {
    overlayPackets,
    underlayPackets,
  }: { readonly overlayPackets: number; readonly underlayPackets: number },
): Promise<ReturnType<typeof growth>> {
  let last = -1;
  for (let turn = 0; ; turn++) {
    const spent = growth(before, await read());
    const { underlayTxPackets, underlayTxBytes, overlayTxBytes, overlayTxPackets } = spent;
    if (turn === 100) return spent;
    if (overlayTxPackets >= overlayPackets) {
      if (underlayTxPackets >= underlayPackets) return spent;
      if (underlayTxBytes >= overlayTxBytes && underlayTxBytes === last) return spent;
    }
    last = underlayTxBytes;
    await delay(50);
  }
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

/**
 * How fast packets move, and at what cost: TCP and UDP by iperf3, request and response by sockperf, CPU time by /proc,
 * between two hosts of a lab, through every overlay that is installed, beside the bare link.
 *
 * Each round visits every overlay once in a drawn order, with segmentation offload of the link on and off. What is
 * compared was measured in the same round; no figure is of use beside one of another run or machine. Both hosts, the
 * daemons and the programs that measure share the machine's processors.
 *
 * ```
 * npm run bench dataplane -- [--rounds N] [--seconds S] [--engine a,b] [--seed TEXT] [--json FILE] [--quick]
 * ```
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Prng } from '../src/base/prng.ts';
import { hostTools } from '../src/harness/doctor/host-tools.ts';
import type { Engine } from '../src/harness/engine/index.ts';
import { engines as registry } from '../src/harness/engine/index.ts';
import { overspanEngine } from '../src/harness/engine/overspan.ts';
import { withLab, type Lab } from '../src/harness/lab/index.ts';
import { systemClock } from '../src/sys/clock.ts';
import { visit, warmUp, type VisitOptions } from './dataplane-measures.ts';
import { frameBytesMax, setOffload, type Offload } from './dataplane-offload.ts';
import { tables, type Measured } from './dataplane-table.ts';

/** The same node without foreign functions on the packets' way: node:dgram and node:crypto. Its devices still need them. */
const overspanNode = overspanEngine({
  name: 'overspan-node',
  summary: 'the same, with node:dgram and node:crypto',
  port: 9995,
  environment: { OVERSPAN_UDP: 'node', OVERSPAN_CRYPTO: 'node' },
});

const known: readonly Engine[] = registry.flatMap((engine) =>
  engine.name === 'overspan' ? [engine, overspanNode] : [engine],
);
const offloads: readonly Offload[] = ['on', 'off'];
const references = ['zerotier-one', 'direct'];

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly wanted: readonly string[] | null;
  readonly seed: string;
  readonly json: string | null;
}

/** Measures and prints. @returns false where a measurement failed */
export async function run(words: readonly string[]): Promise<boolean> {
  const options = optionsOf(words);
  const engines = await present(options.wanted);
  const { rounds, seconds, seed } = options;
  const visits = rounds * offloads.length * engines.length;
  console.log(
    `${engines.length} paths, ${rounds} rounds, ${seconds} s a measurement, seed ${seed}: about ${Math.ceil((visits * (5 * seconds + 3)) / 60)} minutes`,
  );
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Linux ${release()}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  );
  const home = mkdtempSync(join(tmpdir(), 'overspan-dataplane-'));
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const failures: string[] = [];
  const measured: Measured[] = [];
  const startNs = systemClock.nowNs();
  try {
    await withLab({ home, engines: [], signal: stop.signal }, async (lab) => {
      for (const engine of engines) {
        const { name, path } = await lab.raise(engine);
        console.log(`  ${name.padEnd(14)} ${path.description}`);
      }
      await measure(lab, { ...options, stop: stop.signal }, measured, failures);
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    rmSync(home, { recursive: true, force: true });
  }
  const table = { engines: engines.map(({ name }) => name), offloads, references };
  for (const line of tables(measured, table)) console.log(line);
  console.log(
    `\nmedian [each round]; × is the median of the rounds' own ratios. TCP is cubic; UDP is sent as fast as iperf3 can, ` +
      `and what arrives is counted. Off: the kernel cuts before the link, read back on both ends.`,
  );
  console.log(`took ${Math.round((systemClock.nowNs() - startNs) / 1e9)} s`);
  for (const failure of failures) console.log(`failed: ${failure}`);
  if (options.json !== null)
    writeFileSync(options.json, `${JSON.stringify({ ...options, measured }, null, 1)}\n`);
  return failures.length === 0 && !stop.signal.aborted;
}

async function measure(
  lab: Lab,
  { rounds, seconds, seed, stop }: Options & { readonly stop: AbortSignal },
  measured: Measured[],
  failures: string[],
): Promise<void> {
  const { a, b } = lab.hosts;
  const visiting: VisitOptions = { a, b, seconds, onFailure: (what) => failures.push(what) };
  for (const engine of lab.engines) await warmUp(engine, visiting);
  const prng = new Prng(seed);
  for (let round = 0; round < rounds; round++) {
    for (const offload of prng.shuffled(offloads)) {
      await setOffload([a, b], offload);
      for (const engine of prng.shuffled(lab.engines)) {
        if (stop.aborted) return;
        const figures = await visit(engine, visiting);
        measured.push({ round, engine: engine.name, offload, figures });
        // Off means that the link carries nothing that no cable could.
        if (offload === 'off' && (figures.linkPacket ?? 0) > frameBytesMax)
          failures.push(`${engine.name}: packets of ${figures.linkPacket} bytes with offload off`);
      }
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
}

/** Those asked for, or all that this machine has; says why others are left out. */
async function present(wanted: readonly string[] | null): Promise<Engine[]> {
  const tools = hostTools();
  const found: Engine[] = [];
  for (const engine of known) {
    if (wanted?.includes(engine.name) === false) continue;
    const lacks = (await engine.doctor(tools)).filter(({ status }) => status !== 'ok');
    if (lacks.length === 0) found.push(engine);
    else console.log(`without ${engine.name}: ${lacks.map(({ message }) => message).join('; ')}`);
  }
  const unknown = wanted?.filter((name) => !known.some((engine) => engine.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no engine ${unknown.join(', ')}`);
  return found;
}

function optionsOf(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      engine: { type: 'string' },
      seed: { type: 'string', default: 'dataplane' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const positive = (text: string | undefined, fallback: number): number => {
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`not a number from 1: ${text ?? ''}`);
    return value;
  };
  return {
    rounds: positive(values.rounds, values.quick ? 1 : 3),
    seconds: positive(values.seconds, values.quick ? 1 : 2),
    wanted: values.engine?.split(',') ?? null,
    seed: values.seed,
    json: values.json ?? null,
  };
}

/** What every run has: a name, a header, a clock that starts with it, and a place to keep its lines. */
import { randomBytes } from 'node:crypto';

import type { Clock } from '../../base/clock.ts';
import { overspanVersion } from '../../sys/version.ts';
import type { RecordSink } from './campaign.ts';
import type { RecordLine, RunRecord } from './record.ts';

export type Header = Extract<RecordLine, { kind: 'header' }>;

/** Settings as they go into a header: plain values, no secrets. */
export type Settings = Readonly<Record<string, unknown>>;

/** A run that is about to start. */
export interface Run {
  readonly header: Header;
  /** Reads 0 when the header was made. */
  readonly clock: Clock;
  /** What `clock`'s origin is on the clock it was made from, ns. */
  readonly originNs: number;
}

/** Begins a run. @param name - null: one is made */
export function beginRun(
  command: string,
  requested: Settings,
  effective: Settings,
  clock: Clock,
  name: string | null = null,
): Run {
  const originNs = clock.nowNs();
  const startedAtUnixMs = clock.wallMs();
  return {
    header: {
      kind: 'header',
      format: 'overspan-record',
      version: 1,
      runId: name ?? runName(command, startedAtUnixMs),
      startedAtUnixMs,
      tool: { name: 'overspan', version: overspanVersion() },
      command,
      requested,
      effective,
    },
    clock: { nowNs: () => clock.nowNs() - originNs, wallMs: () => clock.wallMs() },
    originNs,
  };
}

/** `compare-20261122T184500Z-9f3a`: sorts by time, and two of one second do not collide. */
export function runName(command: string, atUnixMs: number): string {
  const time = new Date(atUnixMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${command}-${time}-${randomBytes(2).toString('hex')}`;
}

/** Keeps the lines in memory, for a run that is shown and not stored. */
export class MemorySink implements RecordSink {
  readonly #lines: RecordLine[] = [];

  append(line: RecordLine): void {
    this.#lines.push(line);
  }

  /** The lines as a loaded record. Call it after the header has been appended. */
  record(): RunRecord {
    const of = <Kind extends RecordLine['kind']>(
      kind: Kind,
    ): Extract<RecordLine, { kind: Kind }>[] =>
      this.#lines.filter((line): line is Extract<RecordLine, { kind: Kind }> => line.kind === kind);
    const environments = of('environment');
    const [header] = of('header');
    if (header === undefined) throw new Error('invariant broken: a record begins with its header');
    return {
      header,
      before: environments.find(({ when }) => when === 'before') ?? null,
      after: environments.find(({ when }) => when === 'after') ?? null,
      plan: of('plan')[0] ?? null,
      visits: of('visit'),
      notes: of('note'),
      end: of('end')[0] ?? null,
      tornBytes: 0,
    };
  }
}

/** Appends to several sinks, in order. */
export function teeSink(...sinks: readonly RecordSink[]): RecordSink {
  return {
    append: (line) => {
      for (const sink of sinks) sink.append(line);
    },
  };
}

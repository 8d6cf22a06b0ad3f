/** Prints what `bench dataplane` measured: a table a metric, both kinds of link beside each other. */
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import { metrics, type Figures, type Metric, type MetricName } from './dataplane-measures.ts';
import type { Offload } from './dataplane-offload.ts';

/** One visit. */
export interface Measured {
  readonly round: number;
  readonly engine: string;
  readonly offload: Offload;
  readonly figures: Figures;
}

export interface TableOptions {
  readonly engines: readonly string[];
  readonly offloads: readonly Offload[];
  /** Those that the others are compared with, where they were measured. */
  readonly references: readonly string[];
}

/** All tables as lines. */
export function tables(measured: readonly Measured[], options: TableOptions): string[] {
  return (Object.keys(metrics) as MetricName[]).flatMap((name) => [
    '',
    ...table(measured, name, options),
  ]);
}

function table(
  measured: readonly Measured[],
  metric: MetricName,
  { engines, offloads, references }: TableOptions,
): string[] {
  const { title, digits, isFact }: Metric = metrics[metric];
  const present = isFact === true ? [] : references.filter((name) => engines.includes(name));
  const head = [
    title,
    ...offloads.flatMap((offload) => [
      `offload ${offload} [all rounds]`,
      ...present.map((name) => `×${name}`),
    ]),
  ];
  const rows = engines.map((engine) => [
    engine,
    ...offloads.flatMap((offload) => {
      const of = (name: string): Map<number, number> => valuesOf(measured, metric, name, offload);
      const own = of(engine);
      return [
        cell([...own.values()], digits),
        ...present.map((name) => ratio(own, of(name), name === engine)),
      ];
    }),
  ]);
  return align([head, ...rows]);
}

/** By round. */
function valuesOf(
  measured: readonly Measured[],
  metric: MetricName,
  engine: string,
  offload: Offload,
): Map<number, number> {
  return new Map(
    measured.flatMap((visit): [number, number][] => {
      const value = visit.figures[metric];
      const isIt = visit.engine === engine && visit.offload === offload && value !== null;
      return isIt ? [[visit.round, value]] : [];
    }),
  );
}

function cell(values: readonly number[], digits: number): string {
  if (values.length === 0) return '–';
  const all = values.map((value) => value.toFixed(digits)).join(' ');
  return `${median(values).toFixed(digits)} [${all}]`;
}

/** The median of the ratios of each round: what changed from round to round is not in it. */
function ratio(
  own: ReadonlyMap<number, number>,
  reference: ReadonlyMap<number, number>,
  isSame: boolean,
): string {
  if (isSame) return '1';
  const ratios = [...own].flatMap(([round, value]) => {
    const other = reference.get(round);
    return other === undefined || other === 0 ? [] : [value / other];
  });
  return ratios.length === 0 ? '–' : median(ratios).toPrecision(3);
}

function median(values: readonly number[]): number {
  return quantileSorted(sortedCopy(values), 0.5);
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

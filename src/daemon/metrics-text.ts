/**
 * Figures in the text format of Prometheus, version 0.0.4: `# HELP`, `# TYPE`, then one line a series.
 *
 * The figures are taken when they are asked for; nothing is kept here.
 */

/** Figures of one name. */
export interface Metric {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** One line. */
  readonly help: string;
  /** A counter only grows while the process lives. */
  readonly type: 'counter' | 'gauge';
  readonly series: readonly Series[];
}

/** A figure. */
export interface Series {
  /** What tells it from others of its name; text of others is escaped. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text; a metric without a series is only named. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, help, type, series }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...series.map(({ labels = {}, value }) => `${name}${labelsText(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

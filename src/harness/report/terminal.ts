/**
 * The analysis as lines for a terminal: what `compare` and `probe` print at their end, and `report` without a file.
 *
 * Labels, hosts and reasons come from users, servers and files of others; every cell and sentence is escaped here.
 */
import stringWidth from 'string-width';

import { escapeText } from '../../base/escape.ts';
import type { Analysis } from './analysis.ts';
import type { Metric, MetricId, MetricValue } from './comparison.ts';
import {
  bare,
  bareEstimate,
  bareInterval,
  medianText,
  metricNames,
  needsText,
  rulerOf,
  scaleOf,
  setupEventOf,
  setupNames,
  symbol,
  typicalText,
  withUnit,
  type Ruler,
  type Scale,
} from './figures.ts';
import { setupEvents, type PathAnalysis } from './path-analysis.ts';
import { calibrationSentence, taskSentence, verdictSentences } from './words.ts';

/** How stretches of text are marked, under picocolors' names; each gives text of the same width. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** No marks at all. */
export const plainPalette: Palette = {
  bold: (text) => text,
  dim: (text) => text,
  yellow: (text) => text,
};

/** Metrics of the main table of a comparison; the rest stand apart. */
const mainMetrics: readonly MetricId[] = ['p50', 'p99', 'p99.9'];

/** Prints an analysis: a comparison where there are several paths, else one path in detail. */
export function terminalLines(analysis: Analysis, palette: Palette = plainPalette): string[] {
  const scale = scaleOf(analysis);
  const body =
    analysis.paths.length > 1
      ? comparisonLines(analysis, scale, palette)
      : probeLines(analysis, scale, palette);
  return [
    palette.bold(safe(taskSentence(analysis))),
    ...body,
    ...analysis.warnings.map(({ message }) => palette.yellow(`warning: ${safe(message)}`)),
  ];
}

function comparisonLines(analysis: Analysis, scale: Scale, palette: Palette): string[] {
  const { metrics, paths } = analysis;
  const main = mainMetrics.flatMap((id) => metrics.find((metric) => metric.id === id) ?? []);
  const setups = metrics.filter(({ id }) => setupEventOf(id) !== null);
  const unit = symbol(scale.latency.unit);
  const apart: Column[] = [
    ...setups.map((metric) => ({
      head: `${metricNames[metric.id]} ${symbol(rulerOf(metric.id, scale).unit)}`,
      cells: paths.map((path) => setupCell(metric, path, scale)),
    })),
    {
      head: `server ${symbol(scale.serverProcessing.unit)}`,
      cells: paths.map(({ serverProcessing }) =>
        medianText(serverProcessing, scale.serverProcessing),
      ),
    },
    {
      head: `send call ${symbol(scale.sendCall.unit)}`,
      cells: paths.map(({ sendCall }) => medianText(sendCall, scale.sendCall)),
    },
  ];
  const labels = paths.map(({ label }) => safe(label));
  return [
    ...table(
      { head: 'path', cells: labels },
      main.map((metric) => ({
        head: `${metricNames[metric.id]} ${unit}`,
        cells: paths.map(({ label }) => valueCell(valueOf(metric, label), scale.latency)),
      })),
      palette,
    ),
    ...verdictSentences(analysis).map((sentence) => palette.bold(safe(sentence))),
    palette.dim(safe(calibrationSentence(analysis))),
    '',
    'apart from the latencies above, medians:',
    ...table({ head: 'path', cells: labels }, apart, palette),
  ];
}

function probeLines(analysis: Analysis, scale: Scale, palette: Palette): string[] {
  const [path] = analysis.paths;
  if (path === undefined) return [];
  const { latency } = path;
  // A path that could not be reached has its warning and its error, and no table of dashes.
  if (latency.count === 0 && path.setup.connect === null) return [];
  const ruler = scale.latency;
  const rows: (readonly [string, string, string])[] = [
    ['min', bare(latency.min, ruler), ''],
    ...latency.quantiles.map(({ p, value, interval, needsCount }) => {
      const name = `p${Number((p * 100).toFixed(3))}`;
      return value === null || interval === null
        ? ([name, '–', needsText({ count: needsCount, rounds: 1 }, latency)] as const)
        : ([name, bare(value, ruler), bareInterval(interval, ruler)] as const);
    }),
    ['max', bare(latency.max, ruler), ''],
    ['mean', bare(latency.mean, ruler), ''],
    ['jitter', bare(latency.jitter, ruler), 'RFC 3550'],
  ];
  const column = (at: 0 | 1 | 2): string[] => rows.map((row) => row[at]);
  return [
    ...table(
      { head: 'latency', cells: column(0) },
      [
        { head: symbol(ruler.unit), cells: column(1), right: true },
        { head: '95 % interval', cells: column(2) },
      ],
      palette,
    ),
    `counted ${latency.count}, lost ${path.lostCount}, warm-up discarded ${path.warmupCount}${path.unsentCount > 0 ? `, never sent ${path.unsentCount}` : ''}`,
    '',
    'apart from the latencies above, medians:',
    ...table(
      {
        head: '',
        cells: ['server processing', 'send call', ...setupEvents.map((event) => setupNames[event])],
      },
      [
        {
          head: '',
          cells: [
            withUnit(
              medianText(path.serverProcessing, scale.serverProcessing),
              scale.serverProcessing,
            ),
            withUnit(medianText(path.sendCall, scale.sendCall), scale.sendCall),
            ...setupEvents.map((event) =>
              withUnit(typicalText(path.setup[event], scale.setup[event]), scale.setup[event]),
            ),
          ],
        },
      ],
      palette,
    ).slice(1),
    palette.dim(safe(calibrationSentence(analysis))),
  ];
}

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  /** Numbers of one column end under each other. */
  readonly right?: boolean;
}

/** A head and a line for each cell of the columns; as wide as it has to be. */
function table(names: Column, columns: readonly Column[], palette: Palette): string[] {
  const shown = [names, ...columns.filter(({ cells }) => cells.some((cell) => cell !== '–'))];
  const widths = shown.map(({ head, cells }) =>
    Math.max(...[head, ...cells].map((c) => stringWidth(c))),
  );
  const line = (pick: (column: Column) => string): string =>
    shown
      .map((column, i) => {
        const text = pick(column);
        const space = ' '.repeat((widths[i] ?? 0) - stringWidth(text));
        return column.right === true ? space + text : text + space;
      })
      .join('  ')
      .trimEnd();
  return [
    palette.dim(line(({ head }) => head)),
    ...names.cells.map((_, row) => line(({ cells }) => cells[row] ?? '')),
  ];
}

function valueOf({ values }: Metric, label: string): MetricValue | undefined {
  return values.find(({ path }) => path === label);
}

function valueCell(value: MetricValue | undefined, ruler: Ruler): string {
  if (value === undefined || value.count === 0) return '–';
  if (value.estimate !== null) return bareEstimate(value.estimate, ruler);
  return value.needs === null ? '–' : needsText(value.needs, value);
}

function setupCell(metric: Metric, path: PathAnalysis, scale: Scale): string {
  const estimate = valueOf(metric, path.label)?.estimate ?? null;
  if (estimate !== null) return bareEstimate(estimate, rulerOf(metric.id, scale));
  const event = setupEventOf(metric.id);
  return event === null ? '–' : typicalText(path.setup[event], scale.setup[event]);
}

function safe(text: string): string {
  return escapeText(text, 4_096);
}

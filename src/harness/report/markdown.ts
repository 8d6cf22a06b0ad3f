/** A summary in Markdown, for an issue or a pull request: the verdicts, one table, the warnings. */
import { escapeText } from '../../base/escape.ts';
import type { Analysis } from './analysis.ts';
import {
  bareEstimate,
  metricNames,
  needsText,
  ratioText,
  rulerOf,
  scaleOf,
  signedEstimate,
  symbol,
  type Scale,
} from './figures.ts';
import type { Metric, MetricValue } from './comparison.ts';
import { plainPalette, terminalLines } from './terminal.ts';
import { calibrationSentence, headline, taskSentence, verdictSentences } from './words.ts';

/** Renders a section for each run. */
export function renderMarkdown(analyses: readonly Analysis[]): string {
  return analyses.map(section).join('\n');
}

function section(analysis: Analysis): string {
  const { paths, run, warnings } = analysis;
  const lines = [
    `## ${safe(headline(analysis))}`,
    '',
    ...verdictSentences(analysis).map((sentence) => `- ${safe(sentence)}`),
    `- ${safe(taskSentence(analysis))}`,
    `- ${safe(calibrationSentence(analysis))}`,
    '',
    ...(paths.length > 1 ? metricTable(analysis) : fenced(analysis)),
    '',
    ...warnings.map(({ message }) => `> **Warning:** ${safe(message)}\n`),
    `Run ${safe(run.runId)}, ${safe(run.tool.name)} ${safe(run.tool.version)}${run.seed === null ? '' : `, seed ${safe(run.seed)}`}; intervals at 95 %.`,
    '',
  ];
  return lines.join('\n');
}

function metricTable(analysis: Analysis): string[] {
  const scale = scaleOf(analysis);
  const [first, ...others] = analysis.paths.map(({ label }) => label);
  const heads = [first ?? '', ...others].concat(others.map((label) => `${label} − ${first ?? ''}`));
  return [
    `| metric | ${heads.map(safe).join(' | ')} |`,
    `| --- |${' --- |'.repeat(heads.length)}`,
    ...analysis.metrics.map((metric) => metricRow(metric, scale)),
  ];
}

function metricRow(metric: Metric, scale: Scale): string {
  const ruler = rulerOf(metric.id, scale);
  const value = ({ estimate, needs, count }: MetricValue): string => {
    if (estimate !== null) return bareEstimate(estimate, ruler);
    return needs === null || count === 0 ? '–' : needsText(needs, { count });
  };
  const cells = [
    ...metric.values.map(value),
    ...metric.comparisons.map((comparison) => {
      const { difference } = comparison;
      if (difference === null) return '–';
      const shown = signedEstimate(difference, ruler);
      return comparison.verdict === 'no-difference'
        ? `${shown}, no difference shown`
        : `${shown}, ${ratioText(comparison, ruler)}`;
    }),
  ];
  return `| ${metricNames[metric.id]}, ${symbol(ruler.unit)} | ${cells.join(' | ')} |`;
}

/** One path reads well as the terminal shows it. No line of it is made of tildes alone, so none can end the fence. */
function fenced(analysis: Analysis): string[] {
  const lines = terminalLines({ ...analysis, warnings: [] }, plainPalette);
  return ['~~~~text', ...lines, '~~~~'];
}

/** One line of text in which nothing is Markdown or HTML. */
function safe(text: string): string {
  return escapeText(text, 4_096).replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
}

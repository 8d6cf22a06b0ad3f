/**
 * Samples as CSV (RFC 4180), one row a request, lost ones too, for a spreadsheet or a data frame.
 *
 * Times are ns since the record's origin; a cell without a value is unknown. A cell of text that a spreadsheet would
 * take for a formula gets an apostrophe before it.
 */
import type { RunRecord, Visit } from '../campaign/record.ts';

export const csvHeader = [
  'run_id',
  'phase',
  'round',
  'position',
  'path',
  'outcome',
  'due_ns',
  'sent_ns',
  'latency_ns',
  'send_call_ns',
  'server_processing_ns',
] as const;

/** Renders all samples of all runs, piece by piece: a run of millions of samples is longer than a string may be. */
export function* renderCsv(records: readonly RunRecord[]): Generator<string> {
  yield `${csvHeader.join(',')}\r\n`;
  for (const { header, visits } of records)
    for (const visit of visits) yield visitRows(header.runId, visit);
}

function visitRows(runId: string, visit: Visit): string {
  const { samples, lost } = visit;
  const seat = [text(runId), visit.phase, visit.round, visit.position, text(visit.path)].join(',');
  const rows = samples.latencyNs.map((latencyNs, i) =>
    [
      seat,
      'answered',
      samples.dueNs[i],
      samples.sentNs[i],
      latencyNs,
      samples.sendCallNs[i],
      samples.serverProcessingNs[i] ?? '',
    ].join(','),
  );
  const lostRows = lost.map(({ sentNs, reason }) =>
    [seat, text(`lost: ${reason}`), '', sentNs, '', '', ''].join(','),
  );
  return [...rows, ...lostRows].map((row) => `${row}\r\n`).join('');
}

function text(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

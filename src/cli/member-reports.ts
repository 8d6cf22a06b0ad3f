/** What other members say of a member, in words: whose word it is, how many, and how old. */
import type { MemberReportV1 } from '../api/schema/v1.ts';
import { sinceText } from './time-text.ts';

/** A line for people. */
export function reportsText(reports: readonly MemberReportV1[], nowMs: number): string {
  if (reports.length === 0)
    return 'say nothing: Overspan members do, of those they have to do with';
  const direct = reports.filter(({ kind }) => kind === 'direct');
  const latencies = direct.flatMap(({ latencyMs }) => latencyMs ?? []);
  const [least, most] = [Math.min(...latencies), Math.max(...latencies)];
  const how =
    latencies.length === 0 ? '' : ` (${least === most ? least : `${least} to ${most}`} ms)`;
  const said = sinceText(Math.max(...reports.map(({ at }) => at)), nowMs);
  const heardAt = lastHeard(reports);
  const heard = heardAt === null ? 'not heard' : `heard ${sinceText(heardAt, nowMs)}`;
  const count = `${direct.length} of ${reports.length} that say so reach it directly`;
  return `${count}${how}, ${heard}; said ${said}`;
}

/** When one of them heard it last; null: none did. */
function lastHeard(reports: readonly MemberReportV1[]): number | null {
  const heard = reports.flatMap(({ heardAt }) => heardAt ?? []);
  return heard.length === 0 ? null : Math.max(...heard);
}

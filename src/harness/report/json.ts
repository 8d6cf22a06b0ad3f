/** The analysis as JSON, as it is: times in ns, unknown is null. `format` and `version` say what it is. */
import type { Analysis } from './analysis.ts';

/** One object for one run, an array for several. */
export function renderJson(analyses: readonly Analysis[]): string {
  return `${JSON.stringify(analyses.length === 1 ? analyses[0] : analyses, null, 2)}\n`;
}

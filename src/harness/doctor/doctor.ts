/** What this machine has and lacks, by trying it; nothing is left behind and nothing of the host is changed. */
import { OverspanError } from '../../base/errors.ts';
import { engines } from '../engine/index.ts';
import { missing, type Finding } from './finding.ts';
import { homeFindings } from './home.ts';
import { hostTools } from './host-tools.ts';
import { clockFinding, congestionFinding, namespaceFindings } from './kernel.ts';
import { nodeFinding, programFindings } from './programs.ts';

export interface DoctorOptions {
  /** The state directory; labs whose makers died are taken down. */
  readonly home: string;
  readonly signal?: AbortSignal;
}

/** Examines the machine. @returns the findings in the order to read them; ids may repeat for things left over */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const { home, signal } = options;
  const tools = hostTools(signal);
  const examinations: (() => Promise<Finding[]>)[] = [
    () => Promise.resolve([nodeFinding(process.versions.node)]),
    () => programFindings(tools),
    () => namespaceFindings(signal),
    () => Promise.resolve([clockFinding(), congestionFinding()]),
    ...engines.map((engine) => () => engine.doctor(tools)),
    () => homeFindings(home),
  ];
  const findings: Finding[] = [];
  for (const examination of examinations) {
    try {
      findings.push(...(await examination()));
    } catch (error) {
      if (!(error instanceof OverspanError) || signal?.aborted === true) throw error;
      findings.push(missing('examination', `${error.code}: ${error.message}`, error.remedy));
    }
  }
  return findings;
}

/** What can be compared in a lab of this machine: found out by trying, as the doctor does. */
import type { RunEngines, RunLack } from '../../api/schema/run.ts';
import type { Finding } from '../doctor/finding.ts';
import { namespaceFindings } from '../doctor/kernel.ts';
import { availableEngines, engines } from '../engine/index.ts';

/** Every engine, in the order in which lists show them; the first is the link itself, which others are held against. */
export async function labEngines(): Promise<RunEngines> {
  const { lacking } = await availableEngines();
  const lacksOf = (name: string): RunLack[] =>
    lacking.find((engine) => engine.name === name)?.findings.map(lack) ?? [];
  // One of two ways is enough: `missing` where both are refused.
  const refusal = (await namespaceFindings()).find(({ status }) => status === 'missing');
  return {
    engines: engines.map(({ name }) => ({ name, lacks: lacksOf(name) })),
    refusal: refusal === undefined ? null : lack(refusal),
  };
}

function lack({ message, remedy }: Finding): RunLack {
  return { message, remedy };
}

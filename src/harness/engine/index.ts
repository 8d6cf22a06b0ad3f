/** The registry of overlay engines, one line each, and the public face of this folder. */
import type { Finding } from '../doctor/finding.ts';
import { hostTools } from '../doctor/host-tools.ts';
import { direct } from './direct.ts';
import type { Engine } from './engine.ts';
import { engineError } from './errors.ts';
import { nebula } from './nebula.ts';
import { openvpn } from './openvpn.ts';
import { overspan } from './overspan.ts';
import { tinc } from './tinc.ts';
import { vxlan } from './vxlan.ts';
import { wireguardGo } from './wireguard-go.ts';
import { zerotierOne } from './zerotier-one.ts';

export type {
  Cost,
  Engine,
  EngineContext,
  Membership,
  OverlayNetwork,
  PathFacts,
} from './engine.ts';

/** Every engine, in the order in which lists show them. */
export const engines: readonly Engine[] = [
  direct,
  vxlan,
  overspan,
  zerotierOne,
  wireguardGo,
  nebula,
  tinc,
  openvpn,
];

/** An engine that this machine cannot run. */
export interface LackingEngine {
  readonly name: string;
  /** What it lacks, with the remedies. */
  readonly findings: readonly Finding[];
}

/** The engines that this machine can run, in the order of {@link engines}, and those that it cannot. */
export async function availableEngines(
  signal?: AbortSignal,
): Promise<{ readonly names: string[]; readonly lacking: LackingEngine[] }> {
  const tools = hostTools(signal);
  const names: string[] = [];
  const lacking: LackingEngine[] = [];
  for (const engine of engines) {
    const { name } = engine;
    const findings = (await engine.doctor(tools)).filter(({ status }) => status !== 'ok');
    if (findings.length === 0) names.push(name);
    else lacking.push({ name, findings });
  }
  return { names, lacking };
}

/**
 * The engines of these names, each once. @throws ENGINE_NOT_FOUND
 */
export function enginesNamed(names: readonly string[]): Engine[] {
  return [...new Set(names)].map((name) => {
    const engine = engines.find((candidate) => candidate.name === name);
    if (engine !== undefined) return engine;
    const known = engines.map((candidate) => candidate.name).join(', ');
    throw engineError('ENGINE_NOT_FOUND', `there is no engine ${JSON.stringify(name)}`, {
      remedy: `use one of: ${known}; or all`,
      details: { name },
    });
  });
}

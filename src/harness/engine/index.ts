/** The registry of overlay engines, one line each, and the public face of this folder. */
import { direct } from './direct.ts';
import type { Engine } from './engine.ts';
import { engineError } from './errors.ts';
import { overspan } from './overspan.ts';
import { vxlan } from './vxlan.ts';
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
export const engines: readonly Engine[] = [direct, vxlan, overspan, zerotierOne];

/**
 * The engines of these names, each once. @throws ENGINE_NOT_FOUND
 */
export function enginesNamed(names: readonly string[]): Engine[] {
  return [...new Set(names)].map((name) => {
    const engine = engines.find((candidate) => candidate.name === name);
    if (engine !== undefined) return engine;
    const known = engines.map((candidate) => candidate.name).join(', ');
    throw engineError('ENGINE_NOT_FOUND', `there is no engine ${JSON.stringify(name)}`, {
      remedy: `use one of: ${known}`,
      details: { name },
    });
  });
}

/**
 * Our own node: `overspan up` on each host, in a network of its own (see {@link zerotierNetwork}). Frames are read from a
 * TAP device of MTU 2800, encrypted (AES-GMAC-SIV) and sent in UDP datagrams that fit the underlay.
 *
 * `OVERSPAN_UDP` and `OVERSPAN_CRYPTO` of our own environment reach the nodes.
 */
import { ok, warning } from '../doctor/finding.ts';
import type { Engine } from './engine.ts';
import { isOverspanBuilt, overspanProgram } from './overspan-program.ts';
import { deviceFinding } from './requirements.ts';
import { zerotierNetwork } from './zerotier-network.ts';

/** Another node of ours beside the usual one, on the same hosts. */
export interface OverspanVariant {
  readonly name: string;
  readonly summary: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The engine of a variant. */
export function overspanEngine(variant: OverspanVariant): Engine {
  const { name, summary, port, environment } = variant;
  return {
    name,
    summary,
    doctor: async (tools) => [
      isOverspanBuilt()
        ? ok(`engine-${name}`, 'overspan can be run')
        : warning(`engine-${name}`, 'overspan is not built', 'npm run build'),
      await deviceFinding(tools, name, 'tap'),
    ],
    up: (context) =>
      zerotierNetwork(context, {
        name,
        port,
        argv: (home) => [...overspanProgram(), ...['up', '--home', home, '--port', String(port)]],
        environment,
      }),
  };
}

export const overspan: Engine = overspanEngine({
  name: 'overspan',
  summary: 'nodes of our own, one of them root and controller',
  port: 9993,
  environment: {},
});

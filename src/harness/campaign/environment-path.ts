/**
 * What the kernel of this host does with packets for one address: route, device, queue, offloads.
 *
 * Sources: `ip -j route get`, `ip -j -d link show`, `tc -j qdisc show` (iproute2), `ethtool -k`. What is not there, on
 * another system or without the tool, is null.
 */
import { isIP } from 'node:net';

import { z } from 'zod';

import { parseOffloads } from './ethtool.ts';
import type { Environment } from './record.ts';

/** Runs a command of the host and gives what it printed; throws where it fails. `runCommand` of `sys` is one. */
export type RunCommand = (
  argv: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<{ readonly stdout: string }>;

/** A path to look at. */
export interface EnvironmentTarget {
  /** The path's label. */
  readonly path: string;
  /** As the user gave it. */
  readonly host: string;
  /** The IP address that was connected to; null where the host's name did not resolve or was not tried. */
  readonly address: string | null;
}

export type PathEnvironment = Environment['paths'][number];

/** A tool that hangs (a device that answers to nobody) may not hold up the run. */
export const toolTimeoutMs = 2_000;

const routes = z.array(
  z.object({
    dev: z.string(),
    prefsrc: z.string().optional(),
    gateway: z.string().optional(),
    via: z.object({ host: z.string() }).optional(),
    metrics: z.array(z.object({ congestion: z.string().optional() })).optional(),
  }),
);

const links = z.array(
  z.object({
    mtu: z.int().nonnegative().optional(),
    qdisc: z.string().optional(),
    link_type: z.string().optional(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  }),
);

const qdiscs = z.array(z.object({ kind: z.string() }));

/** Looks at one path. Never throws. */
export async function takePathEnvironment(
  target: EnvironmentTarget,
  run: RunCommand,
): Promise<PathEnvironment> {
  const { path, host } = target;
  const unknown: PathEnvironment = {
    path,
    host,
    interface: null,
    sourceAddress: null,
    gateway: null,
    mtuBytes: null,
    linkKind: null,
    qdisc: null,
    congestionControl: null,
    offloads: null,
  };
  const address = target.address ?? host;
  // Only what is an address becomes a word of a command.
  if (isIP(address) === 0) return unknown;
  const route = (await askJson(run, ['ip', '-j', 'route', 'get', address], routes))?.[0];
  if (route === undefined) return unknown;
  const { dev } = route;
  const [link, queues, offloads] = await Promise.all([
    askJson(run, ['ip', '-j', '-d', 'link', 'show', 'dev', dev], links),
    askJson(run, ['tc', '-j', 'qdisc', 'show', 'dev', dev], qdiscs),
    ask(run, ['ethtool', '-k', dev]),
  ]);
  const facts = link?.[0];
  return {
    path,
    host,
    interface: dev,
    sourceAddress: route.prefsrc ?? null,
    gateway: route.gateway ?? route.via?.host ?? null,
    mtuBytes: facts?.mtu ?? null,
    linkKind: facts?.linkinfo?.info_kind ?? facts?.link_type ?? null,
    // A device with several transmit queues has a discipline of its own under the root's.
    qdisc: [...new Set((queues ?? []).map(({ kind }) => kind))].join(' ') || (facts?.qdisc ?? null),
    // A route may fix it for its connections; null here means that it does not.
    congestionControl:
      route.metrics?.find(({ congestion }) => congestion !== undefined)?.congestion ?? null,
    offloads: offloads === null ? null : parseOffloads(offloads),
  };
}

/** What a command printed; null where it is not there, fails or takes too long. */
export async function ask(run: RunCommand, argv: readonly string[]): Promise<string | null> {
  try {
    return (await run(argv, { timeoutMs: toolTimeoutMs })).stdout;
  } catch {
    return null;
  }
}

async function askJson<T>(
  run: RunCommand,
  argv: readonly string[],
  schema: z.ZodType<T>,
): Promise<T | null> {
  const output = await ask(run, argv);
  if (output === null) return null;
  try {
    return schema.safeParse(JSON.parse(output)).data ?? null;
  } catch {
    return null;
  }
}

/** An official service or ZeroTier Central behind the web UI: /api/v1 is answered here, and the service asked in its own words. */
import { randomFillSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { ApiClient } from '../api/client.ts';
import { backendHost } from '../api/backend/host.ts';
import { CentralBackend, ZeroTierOneBackend, type Backend } from '../api/backend/index.ts';
import { ApiV1 } from '../api/v1/index.ts';
import type { Caller } from '../api/v1/service.ts';
import { nsPerMs } from '../base/clock.ts';
import type { GatewayService } from '../gateway/index.ts';
import { machineRanges } from '../io/netif/index.ts';
import { systemClock } from '../sys/clock.ts';
import { overspanVersion } from '../sys/version.ts';
import type { CliContext } from './context.ts';
import type { ServiceContext } from './contexts.ts';
import { following } from './following.ts';
import { centralClientOf, daemonOf, surroundingsOf } from './service.ts';

/** Who is signed in to the page may what the user may whose page it is. */
const user: Caller = { kind: 'local', id: '', name: 'web UI', scopes: ['admin'] };

/** @param name - of the context; `here`: of the home */
export function backendPageService(
  cli: CliContext,
  name: string,
  context: Exclude<ServiceContext, { kind: 'overspan' }>,
): GatewayService {
  const host = backendHost({
    ...backendAndNode(cli, name, context),
    callerOf: () => user,
    clock: systemClock,
    wait: (ms, signal) => delay(ms, undefined, { signal }),
    fill: (bytes) => void randomFillSync(bytes),
    ranges: machineRanges,
    log: (message) => {
      cli.note(message);
    },
  });
  const api = new ApiV1(host, overspanVersion());
  return {
    name,
    kind: context.kind,
    answer: (request) => api.answer(systemClock.nowNs() / nsPerMs, request),
  };
}

/** Both outlive the service: what they know of its pace, and who listens, stays where it is away and comes back. */
function backendAndNode(
  cli: CliContext,
  name: string,
  context: Exclude<ServiceContext, { kind: 'overspan' }>,
): { readonly backend: Backend; readonly client: ApiClient | null } {
  const surroundings = surroundingsOf(cli);
  if (context.kind === 'central') {
    const central = following(() => centralClientOf(cli, context, { name }));
    return { backend: new CentralBackend(central, surroundings), client: null };
  }
  const client = following(async () => new ApiClient(await daemonOf(cli, context)));
  return { backend: new ZeroTierOneBackend(client, surroundings), client };
}

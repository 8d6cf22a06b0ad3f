/** An official service or ZeroTier Central behind the web UI: /api/v1 is answered here, and the service asked in its own words. */
import { randomFillSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { ApiClient } from '../api/client.ts';
import { backendHost } from '../api/backend/host.ts';
import { ApiV1 } from '../api/v1/index.ts';
import type { Caller } from '../api/v1/service.ts';
import { nsPerMs } from '../base/clock.ts';
import type { GatewayService } from '../gateway/index.ts';
import { machineRanges } from '../io/netif/index.ts';
import { systemClock } from '../sys/clock.ts';
import { overspanVersion } from '../sys/version.ts';
import type { CliContext } from './context.ts';
import type { ServiceContext } from './contexts.ts';
import { backendOf, daemonOf } from './service.ts';

/** Who is signed in to the page may what the user may whose page it is. */
const user: Caller = { kind: 'local', id: '', name: 'web UI', scopes: ['admin'] };

/** @param name - of the context */
export function backendPageService(
  cli: CliContext,
  name: string,
  context: Exclude<ServiceContext, { kind: 'overspan' }>,
): GatewayService {
  let made: ApiV1 | null = null;
  const make = async (): Promise<ApiV1> => {
    const client = context.kind === 'central' ? null : new ApiClient(await daemonOf(cli, context));
    const host = backendHost({
      backend: await backendOf(cli, context, { name }),
      client,
      callerOf: () => user,
      clock: systemClock,
      wait: (ms, signal) => delay(ms, undefined, { signal }),
      fill: (bytes) => void randomFillSync(bytes),
      ranges: machineRanges,
      log: (message) => {
        cli.note(message);
      },
    });
    return new ApiV1(host, overspanVersion());
  };
  return {
    name,
    kind: context.kind,
    answer: async (request) => {
      // A service that was away when it was first asked for is asked for again.
      made ??= await make();
      return made.answer(systemClock.nowNs() / nsPerMs, request);
    },
  };
}

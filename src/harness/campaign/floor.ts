/**
 * The harness's own floor: the same request and reply, the same TLS, against a server process of this machine over
 * loopback. No path can show less than that; and visited as if it were two paths (A and A again), it shows how large a
 * difference appears where there is none.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Clock } from '../../base/clock.ts';
import {
  fixedServerName,
  initAuthority,
  issueClient,
  issueServer,
  loadIdentity,
} from '../pki/index.ts';
import type { Prober } from '../probe/probe.ts';
import { createRrProber } from '../probe/rr-prober.ts';
import { startServerProcess } from '../server/process.ts';

/** A loopback server of this run, and how to reach it. */
export interface Floor {
  readonly host: string;
  readonly port: number;
  /** A prober for one of the two labels. */
  prober(clock: Clock, how: { readonly nagle: boolean; readonly busyPoll: boolean }): Prober;
  /** Ends the server. Idempotent. */
  close(): Promise<void>;
}

/** Validity of certificates that live for one run: far from the last month, in which warnings begin. */
const days = 60;
const host = '127.0.0.1';
const setupTimeoutNs = 5e9;

/** Starts the floor's server with certificates of its own, which live as long as it does. */
export async function startFloor(now: number): Promise<Floor> {
  const directory = await mkdtemp(join(tmpdir(), 'overspan-floor-'));
  try {
    await initAuthority(directory, { name: 'Overspan harness floor', days, now });
    const server = await issueServer(directory, { names: [host], days, now });
    const client = await issueClient(directory, { name: 'floor', days, now });
    const ca = join(directory, 'ca.pem');
    const identity = await loadIdentity({ ca, cert: client.cert, key: client.key }, { now });
    const process = await startServerProcess([
      '--host',
      host,
      '--port',
      '0',
      '--ca',
      ca,
      '--cert',
      server.cert,
      '--key',
      server.key,
    ]);
    // Both ends have read their keys: none is left lying about, however this program ends.
    await rm(directory, { recursive: true, force: true });
    return {
      host,
      port: process.port,
      prober: (clock, { nagle, busyPoll }) =>
        createRrProber({
          target: { host, address: host, port: process.port },
          tls: {
            ca: identity.caPem,
            cert: identity.certPem,
            key: identity.keyPem?.reveal() ?? null,
            serverName: fixedServerName,
            pin: null,
          },
          exchange: { kind: 'framed' },
          clock,
          setupTimeoutNs,
          nagle,
          busyPoll,
        }),
      close: () => process.close(),
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Talks to the API of a daemon, ours or the official one; runs wherever there is `fetch`. */
import { z } from 'zod';

import { formatAddress, formatU64, type Address, type NetworkId } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import { escapeText } from '../base/escape.ts';
import { apiError } from './errors.ts';
import { exchange, type ApiFetch } from './exchange.ts';
import {
  memberSchema,
  ownedNetworkSchema,
  type MemberChange,
  type MemberJson,
  type NetworkChange,
  type OwnedNetworkJson,
} from './schema/controller.ts';
import { moonSchema, type MoonJson } from './schema/moon.ts';
import { networkSchema, type NetworkJson, type PermissionsChange } from './schema/network.ts';
import { peerSchema, type PeerJson } from './schema/peer.ts';
import { statusSchema, type StatusJson } from './schema/status.ts';

/** Where a daemon is and what it wants to see. */
export interface ApiClientOptions {
  /** `http://127.0.0.1:9993` */
  readonly origin: string;
  readonly token: Secret<string>;
  /** What starts it. Default: `overspan up`. */
  readonly start?: string;
  /** Stops what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** How long an answer may take. Default 5 s. */
  readonly timeoutMs?: number;
  /** How it is reached, where that is not from here. Default: the platform's own `fetch`. */
  readonly fetch?: ApiFetch;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What checks an answer: a schema of zod. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: Error };
}

/**
 * The commands of the API. Each throws DAEMON_NOT_RUNNING, API_TOKEN_REFUSED or API_FAILED.
 *
 * @example
 * const client = new ApiClient({ origin: 'http://127.0.0.1:9993', token });
 * const { address } = await client.status();
 */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  status(): Promise<StatusJson> {
    return this.#get('/status', statusSchema);
  }

  async networks(): Promise<NetworkJson[]> {
    return this.#list('/network', networkSchema);
  }

  /** Null: not joined. */
  async network(id: NetworkId): Promise<NetworkJson | null> {
    const answer = await this.#ask('GET', `/network/${formatU64(id)}`);
    return answer.status === 404 ? null : this.#check(answer, networkSchema);
  }

  /**
   * Joins, and returns at once: look at its status again.
   *
   * @param token - of an invitation, for an Overspan node
   * @param permissions - what the network may do there; what is not named stays
   */
  async join(
    id: NetworkId,
    token: string | null = null,
    permissions: PermissionsChange = {},
  ): Promise<NetworkJson> {
    const body = { ...permissions, ...(token === null ? {} : { joinToken: token }) };
    return this.#check(await this.#ask('POST', `/network/${formatU64(id)}`, body), networkSchema);
  }

  /** @returns whether it was joined */
  async leave(id: NetworkId): Promise<boolean> {
    const { body } = this.#succeeded(await this.#ask('DELETE', `/network/${formatU64(id)}`));
    return (body as { result?: unknown } | null)?.result === true;
  }

  async peers(): Promise<PeerJson[]> {
    return this.#list('/peer', peerSchema);
  }

  /** Those that are followed and known. */
  async moons(): Promise<MoonJson[]> {
    return this.#list('/moon', moonSchema);
  }

  /** Follows a moon. @param seed - of whom it is asked where it is not known */
  async orbit(id: bigint, seed: Address): Promise<MoonJson> {
    const body = { seed: formatAddress(seed) };
    return this.#check(await this.#ask('POST', moonPath(id), body), moonSchema);
  }

  /** Follows it no more. */
  async deorbit(id: bigint): Promise<void> {
    this.#succeeded(await this.#ask('DELETE', moonPath(id)));
  }

  /** What `local.conf` holds. */
  async config(): Promise<Record<string, unknown>> {
    return this.#get('/config', confSchema);
  }

  /** Changes its `settings`. */
  async setConfig(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#succeeded(await this.#ask('POST', '/config/settings', settings));
  }

  /** Whether the daemon owns networks, or could. */
  async hasController(): Promise<boolean> {
    const answer = await this.#ask('GET', '/controller');
    if (answer.status !== 404) this.#succeeded(answer);
    return answer.status !== 404;
  }

  /** The networks that the daemon owns; null where it has no controller. */
  async ownedNetworks(): Promise<OwnedNetworkJson[] | null> {
    const answer = await this.#ask('GET', '/controller/network');
    if (answer.status === 404) return null;
    const { body } = this.#succeeded(answer);
    const ids = Array.isArray(body) ? body.map(String) : [];
    return Promise.all(ids.map((id) => this.#get(`/controller/network/${id}`, ownedNetworkSchema)));
  }

  /** Null: it is not the daemon's. */
  async ownedNetwork(id: NetworkId): Promise<OwnedNetworkJson | null> {
    return this.#found('GET', ownedPath(id), ownedNetworkSchema);
  }

  /** @throws CONTROLLER_NOT_RUNNING */
  async createNetwork(change: NetworkChange): Promise<OwnedNetworkJson> {
    const { address } = await this.status();
    const path = `/controller/network/${address}______`;
    const created = await this.#found('POST', path, ownedNetworkSchema, change);
    if (created !== null) return created;
    throw apiError('CONTROLLER_NOT_RUNNING', `node ${address} runs no controller`, {
      remedy: 'start its daemon with one: overspan up, without --no-controller',
      details: { address },
    });
  }

  /** Null: it is not the daemon's. */
  changeNetwork(id: NetworkId, change: NetworkChange): Promise<OwnedNetworkJson | null> {
    return this.#found('POST', ownedPath(id), ownedNetworkSchema, change);
  }

  /** @returns whether it was there */
  deleteNetwork(id: NetworkId): Promise<boolean> {
    return this.#delete(ownedPath(id));
  }

  /** Null: the network is not the daemon's. */
  async members(id: NetworkId): Promise<MemberJson[] | null> {
    // All at once, as 1.14 can; where there is no such path each is asked for.
    const whole = await this.#ask('GET', `/unstable${ownedPath(id)}/member`);
    if (whole.status !== 404) return byAddress(this.#check(whole, wholeSchema).data);
    const answer = await this.#ask('GET', `${ownedPath(id)}/member`);
    if (answer.status === 404) return null;
    const { body } = this.#succeeded(answer);
    const addresses = typeof body === 'object' && body !== null ? Object.keys(body) : [];
    return Promise.all(
      addresses.sort().map((each) => this.#get(`${ownedPath(id)}/member/${each}`, memberSchema)),
    );
  }

  /** Null: it is not known, or the network is not the daemon's. */
  member(id: NetworkId, address: Address): Promise<MemberJson | null> {
    return this.#found('GET', memberPath(id, address), memberSchema);
  }

  /** Null: the network is not the daemon's. */
  changeMember(id: NetworkId, address: Address, change: MemberChange): Promise<MemberJson | null> {
    return this.#found('POST', memberPath(id, address), memberSchema, change);
  }

  /** @returns whether it was there */
  deleteMember(id: NetworkId, address: Address): Promise<boolean> {
    return this.#delete(memberPath(id, address));
  }

  async #delete(path: string): Promise<boolean> {
    const answer = await this.#ask('DELETE', path);
    if (answer.status !== 404) this.#succeeded(answer);
    return answer.status !== 404;
  }

  async #get<T>(path: string, schema: Schema<T>): Promise<T> {
    return this.#check(await this.#ask('GET', path), schema);
  }

  async #list<T>(path: string, schema: Schema<T>): Promise<T[]> {
    const { body } = this.#succeeded(await this.#ask('GET', path));
    if (!Array.isArray(body)) throw unexpected(`${path} is no list`);
    return body.map((value) => this.#check({ status: 200, body: value as unknown }, schema));
  }

  async #found<T>(
    method: string,
    path: string,
    schema: Schema<T>,
    body?: unknown,
  ): Promise<T | null> {
    const answer = await this.#ask(method, path, body);
    return answer.status === 404 ? null : this.#check(answer, schema);
  }

  #check<T>(answer: Answer, schema: Schema<T>): T {
    const parsed = schema.safeParse(this.#succeeded(answer).body);
    if (parsed.success) return parsed.data;
    throw unexpected(escapeText(parsed.error.message.replaceAll('\n', ' ')));
  }

  #succeeded(answer: Answer): Answer {
    const { status, body } = answer;
    if (status === 200) return answer;
    if (status === 401)
      throw apiError('API_TOKEN_REFUSED', 'the daemon does not accept the token', {
        remedy: 'use the home directory of the daemon that runs: --home DIRECTORY',
        details: { origin: this.#options.origin },
      });
    const said = body as { description?: unknown; remedy?: unknown } | null;
    if (typeof said?.description !== 'string') throw unexpected(`status ${status}`);
    throw apiError('API_FAILED', escapeText(said.description, 1_024), {
      remedy: typeof said.remedy === 'string' ? escapeText(said.remedy, 1_024) : 'see its log',
      details: { status },
    });
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const { origin, token, start, signal, timeoutMs = 5_000, fetch } = this.#options;
    const { status, text } = await exchange(
      { signal, timeoutMs, fetch, unreachable: notRunning(origin, start) },
      { method, url: `${origin}${path}`, headers: { 'X-ZT1-Auth': token.reveal() }, body },
    );
    return { status, body: jsonOf(status, text) };
  }
}

/** The error where nothing answers at an origin. @param start - what starts it */
export function notRunning(
  origin: string,
  start = 'overspan up',
): (why: string, cause: unknown) => Error {
  return (why, cause) =>
    apiError('DAEMON_NOT_RUNNING', `nothing answers at ${origin}: ${why}`, {
      remedy: `start it: ${start}`,
      cause,
      details: { origin },
    });
}

function ownedPath(id: NetworkId): string {
  return `/controller/network/${formatU64(id)}`;
}

const wholeSchema = z.looseObject({ data: z.array(memberSchema) });

function byAddress(members: readonly MemberJson[]): MemberJson[] {
  return [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** By the 10 digits that mean something: those before them are zeros. */
function moonPath(id: bigint): string {
  return `/moon/${formatU64(id).slice(-10)}`;
}

const confSchema = z.record(z.string(), z.unknown());

function memberPath(id: NetworkId, address: Address): string {
  return `${ownedPath(id)}/member/${formatAddress(address)}`;
}

/** The value of an answer; null: it is empty. @throws API_FAILED where it is not JSON */
export function jsonOf(status: number, text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch (error) {
    throw unexpected(`what it said is not JSON (status ${status})`, error);
  }
}

/** The error where an answer is none to the question. @param message - for people, escaped */
export function unexpected(message: string, cause?: unknown): Error {
  return apiError('API_FAILED', `the daemon answered otherwise than expected: ${message}`, {
    remedy:
      'another program may have its port: ss -ltnp; or daemon and command are of different versions: overspan --version',
    cause,
  });
}

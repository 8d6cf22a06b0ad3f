/**
 * A stub of ZeroTier Central, over HTTP on loopback. It serves the shapes of its public description of the API, version 1
 * (management.md 7), and keeps what it is told. It is not Central: nothing here was compared with it.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
import { text } from 'node:stream/consumers';

type Json = Record<string, unknown>;

interface StubMember {
  config: Json;
  name: string;
  description: string;
  lastSeen: number;
  clientVersion: string;
}

interface StubNetwork {
  config: Json;
  description: string;
  rulesSource: string;
  readonly members: Map<string, StubMember>;
}

/** The moment of the stub: it has no clock of its own. */
export const stubClock = 1_795_363_900_000;

/** See the head of this file. */
export class CentralStub {
  readonly token = 'stub-token-of-nobody';
  readonly networks = new Map<string, StubNetwork>();
  /** `GET /network`, as they came, also those that were refused. */
  readonly requests: string[] = [];
  /** Bodies of changes, as they came. */
  readonly bodies: Json[] = [];
  /** How many of the next requests are one too many. */
  busy = 0;
  /** Answered with 403. */
  readonly forbidden = new Set<string>();
  readonly #server: Server;
  #made = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens. @param place - default: a free port of loopback, which is then in {@link url} */
  static async open(place: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<CentralStub> {
    const server = createServer();
    const stub = new CentralStub(server);
    server.on('request', (request, response) => {
      void stub.#answer(request).then(({ status, body }) => {
        const headers = { 'Content-Type': 'application/json' };
        response.writeHead(status, headers).end(body === null ? '' : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(place, resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A member has asked its controller, so long before the moment of the stub, ms. */
  seen(network: string, address: string, agoMs: number, version = '1.14.1'): void {
    const member = this.#memberOf(this.networks.get(network)!, network, address);
    member.lastSeen = stubClock - agoMs;
    member.clientVersion = version;
    member.config['identity'] = `${address}:0:00`;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const path = (request.url ?? '').replace(/^\/api\/v1/, '');
    const method = request.method ?? '';
    const said = await text(request);
    this.requests.push(`${method} ${path}`);
    if (!/^(token|bearer) /i.test(request.headers.authorization ?? '')) return error(401);
    if (request.headers.authorization?.split(' ')[1] !== this.token) return error(401);
    if (this.busy > 0) {
      this.busy--;
      return error(429);
    }
    const body = said === '' ? {} : (JSON.parse(said) as Json);
    if (method === 'POST') this.bodies.push(body);
    const [, noun, id, members, address] = path.split('/');
    if (noun !== 'network') return error(404);
    if (id === undefined) {
      if (method === 'GET')
        return ok([...this.networks].map(([each, network]) => networkJson(each, network)));
      const made = `8056c2e21c${(++this.#made).toString(16).padStart(6, '0')}`;
      this.networks.set(made, newNetwork(made));
      return ok(this.#setNetwork(made, body));
    }
    if (this.forbidden.has(id)) return error(403);
    const network = this.networks.get(id);
    if (network === undefined) return error(404);
    if (members === undefined) {
      if (method === 'DELETE') this.networks.delete(id);
      return ok(method === 'POST' ? this.#setNetwork(id, body) : networkJson(id, network));
    }
    if (address === undefined)
      return ok([...network.members].map(([each, member]) => memberJson(id, each, member)));
    if (method === 'POST') setMember(this.#memberOf(network, id, address), body);
    const member = network.members.get(address);
    if (member === undefined) return error(404);
    if (method === 'DELETE') network.members.delete(address);
    return ok(memberJson(id, address, member));
  }

  #setNetwork(id: string, { config = {}, description, rulesSource }: Json): Json {
    const network = this.networks.get(id)!;
    Object.assign(network.config, config);
    if (typeof description === 'string') network.description = description;
    if (typeof rulesSource === 'string') network.rulesSource = rulesSource;
    return networkJson(id, network);
  }

  #memberOf(network: StubNetwork, id: string, address: string): StubMember {
    const found = network.members.get(address);
    if (found !== undefined) return found;
    const member = newMember(id, address);
    network.members.set(address, member);
    return member;
  }
}

function ok(body: unknown): { status: number; body: unknown } {
  return { status: 200, body };
}

function error(status: number): { status: number; body: unknown } {
  return { status, body: status === 404 ? null : { type: 'internal', message: 'of the stub' } };
}

function newNetwork(id: string): StubNetwork {
  return {
    config: {
      id,
      creationTime: stubClock,
      lastModified: stubClock,
      name: 'made-by-stub',
      private: true,
      enableBroadcast: true,
      mtu: 2800,
      multicastLimit: 32,
      routes: [],
      ipAssignmentPools: [],
      rules: [{ type: 'ACTION_ACCEPT' }],
      tags: [],
      capabilities: [],
      dns: { domain: '', servers: null },
      v4AssignMode: { zt: true },
      v6AssignMode: { '6plane': false, rfc4193: false, zt: false },
      ssoConfig: { enabled: false, mode: '' },
    },
    description: '',
    rulesSource: 'accept;',
    members: new Map(),
  };
}

function networkJson(id: string, network: StubNetwork): Json {
  const members = [...network.members.values()];
  return {
    id,
    type: 'Network',
    clock: stubClock,
    config: network.config,
    description: network.description,
    rulesSource: network.rulesSource,
    permissions: {},
    ownerId: '00000000-0000-0000-0000-000000000000',
    onlineMemberCount: 0,
    authorizedMemberCount: members.filter(({ config }) => config['authorized'] === true).length,
    totalMemberCount: members.length,
    capabilitiesByName: {},
    tagsByName: {},
  };
}

function newMember(network: string, address: string): StubMember {
  return {
    config: {
      activeBridge: false,
      authorized: false,
      capabilities: [],
      creationTime: stubClock,
      id: address,
      identity: '',
      ipAssignments: [],
      lastAuthorizedTime: 0,
      lastDeauthorizedTime: 0,
      noAutoAssignIps: false,
      nwid: network,
      revision: 1,
      ssoExempt: false,
      tags: [],
      vMajor: -1,
      vMinor: -1,
      vProto: -1,
      vRev: -1,
    },
    name: '',
    description: '',
    lastSeen: 0,
    clientVersion: '-1.-1.-1',
  };
}

function setMember(member: StubMember, { config, name, description }: Json): void {
  const change = (config ?? {}) as Json;
  const was = member.config['authorized'];
  Object.assign(member.config, change);
  if (change['authorized'] === true && was !== true)
    member.config['lastAuthorizedTime'] = stubClock;
  if (change['authorized'] === false && was === true)
    member.config['lastDeauthorizedTime'] = stubClock;
  if (typeof name === 'string') member.name = name;
  if (typeof description === 'string') member.description = description;
}

function memberJson(network: string, address: string, member: StubMember): Json {
  return {
    id: `${network}-${address}`,
    type: 'Member',
    clock: stubClock,
    networkId: network,
    nodeId: address,
    controllerId: network.slice(0, 10),
    hidden: false,
    name: member.name,
    description: member.description,
    config: member.config,
    lastOnline: member.lastSeen,
    lastSeen: member.lastSeen,
    physicalAddress: member.lastSeen === 0 ? null : '192.0.2.7',
    clientVersion: member.clientVersion,
    protocolVersion: 12,
    supportsRulesEngine: true,
  };
}

/**
 * A fake of the API of an official service with a controller, behind `fetch`. Its answers are as those that were captured
 * (management.md 1, 2), with the habits that a client must know: `dns` begins as a list, what a change of the ways to assign IPv6
 * addresses does not name is gone, and a change that does not name a level of remote traces sets it to 0.
 */
import type { ApiFetch } from '../../src/api/exchange.ts';

type Json = Record<string, unknown>;

/** See the head of this file. */
export class OfficialController {
  readonly address = '283c5bc4bc';
  readonly token = 'a'.repeat(24);
  hasController = true;
  readonly networks = new Map<string, Json>();
  readonly members = new Map<string, Map<string, Json>>();
  /** Peers of its node; see management.md 1.5. */
  readonly peers: Json[] = [];
  /** Networks that its node has joined. */
  readonly joined = new Map<string, Json>();
  /** Its `local.conf`. */
  conf: Json = {};
  isOnline = true;
  /** Of a version that shows members one by one alone. */
  isOld = false;
  /** `POST /controller/network/…`, as they came. */
  readonly requests: string[] = [];
  nowMs = 1_795_363_900_000;
  #made = 0;

  readonly fetch: ApiFetch = (url, { method, headers, body }) => {
    const path = new URL(url).pathname;
    this.requests.push(`${method} ${path}`);
    const [status, answer] =
      headers['X-ZT1-Auth'] === this.token
        ? this.#answer(method, path, body === undefined ? {} : (JSON.parse(body) as Json))
        : [401, {}];
    const said = answer === null ? '' : JSON.stringify(answer);
    return Promise.resolve({ status, text: () => Promise.resolve(said) });
  };

  /** A member asks, as who it is; where it may it is written with which version. */
  asks(network: string, address: string): void {
    const member = this.#member(network, address, {});
    member['identity'] = `${address}:0:00`;
    if (member['authorized'] === true)
      Object.assign(member, { vMajor: 1, vMinor: 14, vRev: 1, vProto: 12 });
  }

  #answer(method: string, path: string, body: Json): [number, unknown] {
    if (path === '/status') return [200, this.#status()];
    if (path === '/peer') return [200, this.peers];
    const [, what, word] = path.split('/');
    if (what === 'network') return this.#joined(method, word, body);
    if (what === 'moon') return [200, word === undefined ? [] : moonAnswer(method, word)];
    if (path === '/config') return [200, this.conf];
    if (path === '/config/settings') {
      this.conf = { ...this.conf, settings: { ...(this.conf['settings'] as Json), ...body } };
      return [200, {}];
    }
    const whole = /^\/unstable\/controller\/network\/(\w+)\/member$/.exec(path)?.[1];
    const list = this.networks.has(whole ?? '') ? this.members.get(whole ?? '') : undefined;
    if (whole !== undefined && list !== undefined && this.hasController && !this.isOld)
      return [200, { data: [...list.values()], meta: { totalCount: list.size } }];
    const [, controller, , id, noun, address] = path.split('/');
    if (controller !== 'controller' || !this.hasController) return [404, null];
    if (id === undefined) return [200, [...this.networks.keys()]];
    if (id === `${this.address}______`) {
      const made = `${this.address}${(++this.#made).toString(16).padStart(6, '0')}`;
      this.networks.set(made, newNetwork(made));
      this.members.set(made, new Map());
      return [200, setRecord(this.networks.get(made)!, body)];
    }
    const network = this.networks.get(id);
    const members = this.members.get(id);
    if (network === undefined || members === undefined) return [404, null];
    if (noun === undefined) {
      if (method === 'DELETE') this.networks.delete(id);
      return [200, method === 'POST' ? setRecord(network, body) : network];
    }
    if (address === undefined)
      return [200, Object.fromEntries([...members].map(([each, m]) => [each, m['revision']]))];
    if (method === 'POST') return [200, this.#member(id, address, body)];
    const member = members.get(address);
    if (member === undefined) return [404, null];
    if (method === 'DELETE') members.delete(address);
    return [200, member];
  }

  #joined(method: string, id: string | undefined, body: Json): [number, unknown] {
    if (id === undefined) return [200, [...this.joined.values()]];
    const known = this.joined.get(id);
    if (method === 'DELETE') return [200, this.joined.delete(id) ? { result: true } : {}];
    if (method === 'GET') return known === undefined ? [404, {}] : [200, known];
    const network = Object.assign(known ?? joinedNetwork(id), body);
    this.joined.set(id, network);
    return [200, network];
  }

  #member(network: string, address: string, change: Json): Json {
    const members = this.members.get(network)!;
    const member = members.get(address) ?? newMember(network, address);
    members.set(address, member);
    if (change['authorized'] === true && member['authorized'] !== true)
      member['lastAuthorizedTime'] = this.nowMs;
    if (change['authorized'] === false && member['authorized'] === true)
      member['lastDeauthorizedTime'] = this.nowMs;
    return setRecord(member, change);
  }

  #status(): Json {
    return {
      address: this.address,
      clock: this.nowMs,
      config: { settings: { primaryPort: 9993 } },
      online: this.isOnline,
      planetWorldId: 227883110,
      planetWorldTimestamp: 1,
      publicIdentity: `${this.address}:0:00`,
      version: '1.14.1',
    };
  }
}

function setRecord(record: Json, change: Json): Json {
  return Object.assign(record, { remoteTraceLevel: 0 }, change);
}

function joinedNetwork(id: string): Json {
  return {
    ...{ allowDNS: false, allowDefault: false, allowGlobal: false, allowManaged: true },
    assignedAddresses: [],
    bridge: false,
    broadcastEnabled: false,
    dhcp: false,
    dns: { domain: '', servers: [] },
    id,
    mac: 'aa:77:7b:57:dc:df',
    mtu: 2800,
    multicastSubscriptions: [],
    name: '',
    netconfRevision: 0,
    nwid: id,
    portDeviceName: 'zt5sajqdau',
    portError: 0,
    routes: [],
    status: 'REQUESTING_CONFIGURATION',
    type: 'PRIVATE',
  };
}

function moonAnswer(method: string, id: string): Json {
  if (method === 'DELETE') return { result: true };
  const nothing = { roots: [], signature: null, timestamp: 0, updatesMustBeSignedBy: null };
  return { id: id.padStart(16, '0'), ...nothing, waiting: true };
}

function newNetwork(id: string): Json {
  return {
    authTokens: [null],
    capabilities: [],
    creationTime: 1_795_363_878_732,
    dns: [],
    enableBroadcast: true,
    id,
    ipAssignmentPools: [],
    mtu: 2800,
    multicastLimit: 32,
    name: '',
    nwid: id,
    objtype: 'network',
    private: true,
    remoteTraceLevel: 0,
    remoteTraceTarget: null,
    revision: 1,
    routes: [],
    rules: [{ not: false, or: false, type: 'ACTION_ACCEPT' }],
    rulesSource: '',
    tags: [],
    v4AssignMode: { zt: false },
    v6AssignMode: { '6plane': false, rfc4193: false, zt: false },
  };
}

function newMember(nwid: string, address: string): Json {
  return {
    activeBridge: false,
    address,
    authorized: false,
    capabilities: [],
    creationTime: 1_795_363_881_961,
    id: address,
    ipAssignments: [],
    lastAuthorizedTime: 0,
    lastDeauthorizedTime: 0,
    noAutoAssignIps: false,
    nwid,
    objtype: 'member',
    remoteTraceLevel: 0,
    remoteTraceTarget: null,
    revision: 1,
    tags: [],
    vMajor: -1,
    vMinor: -1,
    vProto: -1,
    vRev: -1,
  };
}

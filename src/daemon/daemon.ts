/**
 * A node on this machine: home directory, sockets, taps, controller and local API around one {@link Node}, from start to
 * end. What belongs to the machine is taken back when it stops: the devices with their addresses and routes, the ports,
 * the lock of the home.
 */
import { errorCode, errorMessage } from '../base/errors.ts';
import { formatAddress, type Address, type NetworkId } from '../base/ids.ts';
import { EventHub } from '../api/v1/event-hub.ts';
import { Audit, localActor } from '../controller/access/audit.ts';
import { Tokens } from '../controller/access/tokens.ts';
import { Controller } from '../controller/controller.ts';
import { EndpointTable } from '../core/endpoint.ts';
import type { NodeEvent } from '../core/events.ts';
import { Networks } from '../core/vl2/networks.ts';
import { Node } from '../core/node.ts';
import type { TapState } from '../core/ports.ts';
import { isToken } from '../http/token.ts';
import { chooseProvider } from '../io/crypto/index.ts';
import { IdentityThread } from '../io/identity/index.ts';
import { SqlStore } from '../io/store/index.ts';
import type { InterfaceAddress } from '../io/netif/index.ts';
import { UdpSockets } from '../io/udp/index.ts';
import { systemClock } from '../sys/clock.ts';
import type { FileLock } from '../sys/file-lock.ts';
import { ApiServer } from './api-server.ts';
import { controllerService } from './controller-service.ts';
import { managementHost } from './management-service.ts';
import { observedStore } from './observed-store.ts';
import { Drive } from './drive.ts';
import { checkTap, systemEdge, systemEntropy, type DaemonEdge } from './edge.ts';
import { daemonError } from './errors.ts';
import { logEvent } from './event-log.ts';
import { lockHome } from './home-lock.ts';
import { HomeWriter } from './home-writer.ts';
import { Home } from './home.ts';
import type { LocalConf } from './local-conf-schema.ts';
import { LocalConfFile } from './local-conf.ts';
import type { Log } from './log.ts';
import { MemoryLog } from './log-memory.ts';
import { allowedState } from './managed-state.ts';
import { metricsText } from './metrics-text.ts';
import { nodeCommands } from './node-commands.ts';
import { tellEvent } from './node-events.ts';
import { daemonNode, hostWithoutController, type DaemonNodeParts } from './node-host.ts';
import { nodeMetrics } from './node-metrics.ts';
import {
  choosePlanet,
  forgetOldPeers,
  ownIdentity,
  rememberedPeers,
  type PlanetChoice,
} from './node-material.ts';
import { nodeService } from './node-service.ts';
import { PermissionFiles } from './permissions.ts';
import { Sockets } from './sockets.ts';
import { Taps } from './taps.ts';

/** How a node is to run. */
export interface DaemonOptions extends PlanetChoice {
  /** Its home directory; made where it is missing. */
  readonly home: string;
  /** UDP and the TCP port of the API. Undefined: of `local.conf`, else 9993, or one after it that is free. 0: any. */
  readonly port?: number | undefined;
  /** False: owns no networks. Default true; nothing of it costs anything until a network is made. */
  readonly withController?: boolean;
  /** Where it keeps its networks: a path, or `postgres://…`. Default: `controller.db` of the home. */
  readonly storeUrl?: string | undefined;
  /** False: no devices are made, so that no special right is needed, and no network can be joined. Default true. */
  readonly withDevices?: boolean;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** What connects it to the machine. Default: the machine; in tests, and for nodes without one, parts in memory. */
  readonly edge?: Partial<DaemonEdge>;
}

/** The port of a node that is told no other. */
export const defaultPort = 9993;
/** Ports that are tried where none was asked for. */
const portsMax = 16;
/** How often files of peers are looked at that may be too old. */
const forgetPeersMs = 3_600_000;
/** How often local.conf is looked at again, as by the official service. */
const lookAgainMs = 10_000;

/** A node that runs. */
export interface Daemon {
  readonly address: Address;
  readonly port: number;
  readonly isController: boolean;
  /** Takes everything back and resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a node; it runs when the promise resolves, though it need not be online yet.
 *
 * @throws HOME_…, PLANET_INVALID, LOCAL_CONF_INVALID, API_PORT_IN_USE, UDP_…, TAP_…, CRYPTO_…, the reason of the signal
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const home = new Home(options.home);
  const ends: (() => void | Promise<void>)[] = [];
  const lock: FileLock = await lockHome(home);
  ends.push(() => {
    lock.release();
  });
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  try {
    const log = new MemoryLog(options.log, options.edge?.clock ?? systemClock);
    const running = await start(home, { ...options, log }, ends);
    let stopping: Promise<void> | null = null;
    return { ...running, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param ends - gets what undoes each step, to be called in reverse */
async function start(
  home: Home,
  options: DaemonOptions & { readonly log: MemoryLog },
  ends: (() => void | Promise<void>)[],
): Promise<Omit<Daemon, 'stop'>> {
  const { log, signal } = options;
  const warn = (message: string): void => {
    log.warn(message);
  };
  const settings = await new LocalConfFile(home, log).open();
  const provider = chooseProvider({ log: warn });
  const { edge: given, withDevices } = options;
  const edge = systemEdge({ edge: given, withDevices, log: warn });
  const planet = await choosePlanet(home, provider, options);
  const thread = new IdentityThread();
  ends.push(() => thread.close());
  const identity = await ownIdentity(home, provider, thread, options);
  const token = await home.token();
  const metricsToken = await home.metricsToken();
  const permissions = new PermissionFiles(home);
  signal?.throwIfAborted();

  const writer = new HomeWriter(home, log);
  ends.push(() => writer.settled());
  const events = new EventHub(() => edge.clock.wallMs());
  const database =
    options.withController === false
      ? null
      : await SqlStore.open({
          url: options.storeUrl ?? home.path('controller.db'),
          owner: identity.identity.address,
          log: warn,
        });
  if (database !== null) ends.push(() => database.close());
  const store = database === null ? null : observedStore(database, events);
  const audit = store === null ? null : new Audit(store);
  const tokens =
    store === null
      ? null
      : new Tokens(store.load().tokens, { provider, entropy: systemEntropy, store });
  let controller: Controller | null = null;
  let networks: Networks | null = null;
  const node = new Node({
    identity,
    provider,
    entropy: systemEntropy,
    planet,
    moons: await home.moons(),
    peers: await rememberedPeers(home, log, edge.clock.wallMs()),
    pathRules: settings.conf.paths,
    networks: (vl1, frames) => {
      networks = new Networks({
        vl1,
        frames,
        platform: `${process.platform}/${process.arch}`,
        wasConfigured: (now, networkId, address) =>
          controller?.mayUseGroups(now, networkId, address) ?? false,
      });
      return networks;
    },
    ...(store !== null && {
      controller: (vl1) => (controller = new Controller(vl1, { store })),
    }),
  });
  const vl2 = networks as Networks | null;
  const owner = controller as Controller | null;
  if (vl2 === null) throw new Error('invariant broken: a node makes its networks at once');

  const endpoints = new EndpointTable();
  const drive: Drive = new Drive({
    node,
    clock: edge.clock,
    send: (batch) => {
      udp.send(batch);
    },
    write: (batch) => {
      taps.write(batch);
    },
    onEvent: (event) => {
      handleEvent(event);
    },
    validate: async (who) => (await thread.brokenRule(who)) === null,
    onValidationError: (error) => {
      log.warn('an identity was not checked', { error: errorMessage(error) });
    },
  });
  ends.push(() => {
    drive.close();
  });
  const udp = new UdpSockets({ open: edge.openUdp, endpoints, onReadable: drive.handleDatagrams });
  const taps = new Taps({
    open: edge.openTap,
    openDevice: edge.openDevice,
    onFrames: drive.handleFrames,
    onGroups: (networkId, groups) => {
      drive.run((now) => {
        node.handleGroups(now, networkId, groups);
      });
    },
    onGone: (networkId) => {
      const state = wanted.get(networkId);
      if (state !== undefined) applyTap(networkId, state);
    },
    log,
  });
  ends.push(() => {
    taps.close();
  });
  /** What each network wants of its tap. */
  const wanted = new Map<NetworkId, TapState>();
  const applyTap = (networkId: NetworkId, state: TapState | null): void => {
    if (state === null) {
      wanted.delete(networkId);
      taps.remove(networkId);
      return;
    }
    wanted.set(networkId, state);
    const isThere = taps.apply(allowedState(state, permissions.of(networkId)));
    drive.run(() => {
      vl2.handleTap(networkId, isThere);
    });
  };
  const handleEvent = (event: NodeEvent): void => {
    switch (event.kind) {
      case 'tap':
        applyTap(event.networkId, event.state);
        return;
      case 'persist':
        writer.put(event.name, event.bytes);
        return;
      default:
        logEvent(log, event);
        tellEvent(events, event);
    }
  };

  let isEnding = false;
  const { sockets, api, port, relisten } = await listen();
  // First of all: what else there is to do is done while the roots answer.
  drive.run((now) => {
    node.handleSockets(now, sockets.list);
  });
  const service = nodeService({
    drive,
    node,
    networks: vl2,
    taps,
    identity: identity.identity,
    homeDirectory: home.directory,
    port,
    controller:
      owner === null || store === null || audit === null
        ? null
        : controllerService({ drive, store, audit }, owner),
    permissionsOf: (networkId) => permissions.of(networkId),
    allow: async (networkId, change) => {
      await permissions.change(networkId, change);
      const state = wanted.get(networkId);
      if (state !== undefined && Object.keys(change).length > 0) applyTap(networkId, state);
    },
    config: () => settings.json,
    setConfig: async (changes) => {
      if (await settings.change(changes)) takeSettings();
    },
    metrics: () => metricsText(nodeMetrics({ drive, node, networks: vl2, udp, controller: owner })),
  });
  const parts: DaemonNodeParts = {
    service,
    audit,
    events,
    now: () => drive.now(),
    log,
    entropy: systemEntropy,
    ranges: edge.ranges,
    owned: () => owner?.networks().map(({ settings: each }) => each) ?? [],
  };
  const seen = {
    events,
    node: daemonNode(parts),
    isOwnToken: (text: string) => isToken(text, token),
  };
  const management =
    owner === null || store === null || audit === null || tokens === null
      ? hostWithoutController(seen)
      : managementHost({
          ...seen,
          drive,
          controller: owner,
          tokens,
          audit,
          store,
          peer: (now, address) => node.peer(now, address),
        });
  api.serve(nodeCommands(parts, localActor), management);
  await home.setRunning(port);
  ends.push(() => home.clearRunning());
  if (given?.openTap === undefined && withDevices !== false) checkTap(edge.openTap);

  for (const { networkId, config } of await home.networks())
    drive.run((now) => {
      vl2.join(now, networkId, config === null ? {} : { cachedConfig: config });
    });
  nowAndThen(forgetPeersMs, () => forgetOldPeers(home, log, edge.clock.wallMs()));
  nowAndThen(lookAgainMs, async () => {
    if (await settings.look()) takeSettings();
  });
  ends.push(() => {
    isEnding = true;
    drive.run((now) => {
      node.savePeers(now);
    });
  });
  const { address } = identity.identity;
  const status = node.status(drive.now());
  log.info('ready', {
    address: formatAddress(address),
    port,
    home: home.directory,
    planet: status.planet.id,
    roots: planet.roots.map((root) => formatAddress(root.identity.address)).join(','),
    root: status.isRoot,
    networks: owner?.networks().length ?? 0,
    crypto: provider.name,
  });
  return { address, port, isController: owner !== null };

  /** What local.conf says counts from now on. */
  function takeSettings(): void {
    if (isEnding) return;
    relisten();
    drive.run((now) => {
      node.setPathRules(now, settings.conf.paths);
    });
  }

  /** Opens the API and the sockets on one port: the one that was asked for, or the first that is free. */
  async function listen(): Promise<{
    sockets: Sockets;
    api: ApiServer;
    port: number;
    /** Other interfaces or addresses may be wanted. */
    relisten: () => void;
  }> {
    const asked = options.port ?? settings.conf.primaryPort;
    const first = asked ?? defaultPort;
    for (let attempt = 0; ; attempt++) {
      const mayTryNext = asked === null || asked === 0;
      const isLast = !mayTryNext || attempt + 1 === portsMax;
      const api = await ApiServer.listen({
        token,
        metricsToken,
        allowsTokenInUrl: () => settings.conf.allowTokenInUrl,
        port: first === 0 ? 0 : first + attempt,
        log,
      });
      if (api === null) {
        if (isLast) throw portInUse(first);
        continue;
      }
      const { port } = api;
      const sockets: Sockets = new Sockets({
        udp,
        port,
        onChange: (list) => {
          drive.run((now) => {
            node.handleSockets(now, list);
          });
        },
        log,
      });
      const watch = edge.watchAddresses({
        isExcluded: (device) => taps.isOurs(device) || isBlacklisted(settings.conf, device),
        onChange: (addresses) => {
          listenOn(sockets, addresses);
        },
      });
      try {
        await sockets.update(watch.addresses.filter(isBindable), true);
      } catch (error) {
        watch.close();
        await api.close();
        if (errorCode(error) !== 'UDP_PORT_IN_USE' || isLast) throw error;
        continue;
      }
      ends.push(
        () => sockets.close(),
        () => {
          watch.close();
        },
        () => api.close(),
      );
      if (first !== 0 && port !== first)
        log.warn('another port: the usual one is taken', { usual: first, port });
      const relisten = (): void => {
        watch.refresh();
        listenOn(sockets, watch.addresses);
      };
      return { sockets, api, port, relisten };
    }
  }

  function listenOn(sockets: Sockets, addresses: readonly InterfaceAddress[]): void {
    sockets.update(addresses.filter(isBindable)).catch((error: unknown) => {
      log.error('addresses were not updated', { error: errorMessage(error) });
    });
  }

  function isBindable({ ip }: { readonly ip: string }): boolean {
    const { bind } = settings.conf;
    return bind.length === 0 || bind.includes(ip);
  }

  /** Does something at once and again every so often, until the end. */
  function nowAndThen(everyMs: number, act: () => Promise<void>): void {
    const timer = setInterval(() => void act(), everyMs);
    timer.unref();
    ends.push(() => {
      clearInterval(timer);
    });
    void act();
  }
}

function isBlacklisted({ interfacePrefixBlacklist }: LocalConf, device: string): boolean {
  return interfacePrefixBlacklist.some((prefix) => device.startsWith(prefix));
}

function portInUse(port: number): Error {
  return daemonError('API_PORT_IN_USE', `TCP 127.0.0.1:${port} is in use`, {
    remedy: `see who has it: ss -ltnp 'sport = ${port}'; stop that, or choose another: --port PORT`,
    details: { port },
  });
}

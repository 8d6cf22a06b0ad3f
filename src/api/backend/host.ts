/**
 * Other makes of service behind /api/v1: a page that speaks it shows an official service, and an account at ZeroTier Central,
 * too. What a make does not tell is null; what it does not have is SERVICE_LACKS, with what there is instead.
 */
import type { Clock } from '../../base/clock.ts';
import { formatAddress, parseAddress, type Address, type NetworkId } from '../../base/ids.ts';
import type { ApiClient } from '../client.ts';
import type { MemberV1, NetworkV1, RulesShownV1 } from '../schema/v1.ts';
import { EventHub } from '../v1/event-hub.ts';
import { chooseFreeRange, usedByNetworks, usedByPrefixes } from '../v1/free-range.ts';
import { lackingNode } from '../v1/lacking-management.ts';
import { nodeManagement, type NodeManagement } from '../v1/node-management.ts';
import { peerView } from '../v1/node-views.ts';
import type { ApiV1Host, Caller, ManagementService } from '../v1/service.ts';
import type { Backend, MemberView } from './backend.ts';
import { clientNode } from './client-node.ts';
import { look } from './look.ts';
import { serviceLacks } from './problems.ts';
import { memberV1Of, networkV1Of } from './v1-views.ts';
import { ServiceWatch } from './watch.ts';

/** What is to be served. */
export interface BackendHostOptions {
  readonly backend: Backend;
  /** Of its node; null: it is none. */
  readonly client: ApiClient | null;
  /** Who shows a text; null: nobody that is known. */
  readonly callerOf: (text: string) => Caller | null;
  readonly clock: Clock;
  /** Resolves after so long, ms; rejects when the signal says so. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Fills all of what it is given with random bytes. */
  readonly fill: (bytes: Uint8Array) => void;
  /** Prefixes of IPv4 that this machine knows a way to. */
  readonly ranges: () => Promise<readonly string[]>;
  /** Told of what is a bug. */
  readonly log: (message: string) => void;
}

/** How often a service is looked at for events: one of this machine, and one that counts requests. */
const localLookMs = 2_000;
const centralLookMs = 15_000;

/** What serves /api/v1 for a service. */
export function backendHost(options: BackendHostOptions): ApiV1Host {
  const { backend, client, clock, wait, log } = options;
  const node = nodeOf(options);
  const service = backendService(options, node);
  const watch = new ServiceWatch({
    look: (before) => look(backend, client === null ? null : node, before),
    everyMs: backend.kind === 'central' ? centralLookMs : localLookMs,
    wait,
    events: new EventHub(() => clock.wallMs()),
    log,
  });
  return {
    callerOf: options.callerOf,
    // What callers may is looked at before; the service itself knows one account.
    as: () => service,
    listen: (after, onEvent) => watch.listen(after, onEvent),
  };
}

function nodeOf({ backend, client, clock, ranges, fill }: BackendHostOptions): NodeManagement {
  const freeRange: NodeManagement['freeRange'] = async () => {
    const [machine, owned, joined] = await Promise.all([
      ranges(),
      backend.networks(),
      client?.networks() ?? [],
    ]);
    const used = [...usedByPrefixes(machine), ...usedByNetworks(owned), ...usedByNetworks(joined)];
    return chooseFreeRange(used, fill);
  };
  if (client === null) {
    const why = (): Error =>
      serviceLacks(
        backend.kind,
        'is no node: it joins nothing and has no peers',
        'see the node of this machine: its service has a context of its own',
      );
    return { ...lackingNode(why), freeRange };
  }
  return nodeManagement({
    source: clientNode(client),
    hasController: () => client.hasController(),
    wallMs: () => clock.wallMs(),
    log: () => {
      throw serviceLacks(
        backend.kind,
        'shows no log over its API',
        'see that of the machine: journalctl -u zerotier-one',
      );
    },
    freeRange,
  });
}

function backendService(
  { backend, client }: BackendHostOptions,
  node: NodeManagement,
): ManagementService {
  const { kind } = backend;
  const lacks =
    (what: string, remedy: string): (() => never) =>
    () => {
      throw serviceLacks(kind, what, remedy);
    };
  const noInvites = lacks(
    'has no invitations',
    'authorise members by their addresses, also before they ask',
  );
  const noTokens = lacks('makes no API tokens here', 'make them where the service itself does');
  const shown = async (members: readonly MemberView[]): Promise<MemberV1[]> => {
    const peers = (client === null ? [] : await client.peers()).map(peerView);
    const byAddress = new Map(peers.map((peer) => [peer.address, peer]));
    return members.map((member) => memberV1Of(member, kind, byAddress.get(member.address)));
  };
  const shownOne = async (member: MemberView): Promise<MemberV1> => {
    const [found] = await shown([member]);
    return found as MemberV1;
  };
  const network = async (id: NetworkId): Promise<NetworkV1> => {
    const [view, members] = await Promise.all([backend.network(id), backend.members(id)]);
    return networkV1Of(view, members);
  };
  const rules = async (id: NetworkId): Promise<RulesShownV1> => {
    const text = await backend.rules(id);
    const { sourceOf } = await import('../rules-text.ts');
    const { rulesCheck } = await import('../rules-answers.ts');
    const source = sourceOf(text);
    const { ruleCount, tests } = rulesCheck(source);
    const listed = text.json?.['rules'];
    return {
      source,
      isWritten: text.isWritten,
      // A source in words that are not known here is counted by what it came to.
      ruleCount: ruleCount ?? (Array.isArray(listed) ? listed.length : 0),
      testCount: tests.length,
    };
  };
  return {
    node,
    networks: async () => (await backend.networks()).map((view) => networkV1Of(view, null)),
    network,
    createNetwork: async (patch) => networkV1Of(await backend.createNetwork(patch), []),
    changeNetwork: async (id, patch) => {
      await backend.changeNetwork(id, patch);
      return await network(id);
    },
    deleteNetwork: (id) => backend.deleteNetwork(id),
    rules,
    setRules: async (id, source) => {
      const { checkedSource } = await import('../../rules/index.ts');
      const { rulesFor } = await import('../rules-text.ts');
      // Only Overspan knows tests beside rules: without any the source is kept as it was written.
      const isPlain = checkedSource(source).tests.length === 0;
      await backend.setRules(id, rulesFor(kind, { source, json: null }, isPlain));
      return await rules(id);
    },
    checkRules: async (_id, source) => (await import('../rules-answers.ts')).rulesCheck(source),
    explainRules: async (id, { source, packet }) => {
      const { rulesExplained } = await import('../rules-answers.ts');
      return rulesExplained(source ?? (await rules(id)).source, packet);
    },
    members: async (id) => shown(await backend.members(id)),
    member: async (id, address) => shownOne(await backend.member(id, address)),
    changeMember: async (id, address, patch) =>
      shownOne(await backend.changeMember(id, address, patch)),
    changeMembers: async (id, command) => {
      const {
        authorize = [],
        deauthorize = [],
        ban = [],
        unban = [],
        delete: forget = [],
      } = command;
      const changed = new Map<string, MemberView>();
      const onMember = (member: MemberView): void => void changed.set(member.address, member);
      const [entering, leaving] = [addressesOf(authorize), addressesOf(deauthorize)];
      if (entering.length > 0) await backend.authorize(id, entering, onMember);
      if (leaving.length > 0) await backend.deauthorize(id, leaving, onMember);
      const [banned, unbanned] = [addressesOf(ban), addressesOf(unban)];
      if (banned.length > 0) await backend.ban(id, banned, onMember);
      if (unbanned.length > 0) await backend.unban(id, unbanned, onMember);
      if (forget.length > 0) {
        const known = new Set((await backend.members(id)).map(({ address }) => address));
        const forgotten = addressesOf(forget.filter((text) => known.has(text)));
        await backend.deleteMembers(id, forgotten, (address) => {
          changed.delete(formatAddress(address));
        });
      }
      const order = [...entering, ...leaving, ...banned, ...unbanned].map(formatAddress);
      return shown(order.flatMap((address) => changed.get(address) ?? []));
    },
    deleteMember: (id, address) => backend.deleteMembers(id, [address], () => undefined),
    invites: noInvites,
    createInvite: noInvites,
    revokeInvite: noInvites,
    invitation: noInvites,
    tokens: noTokens,
    createToken: noTokens,
    revokeToken: noTokens,
    audit: lacks('keeps no audit log', 'see its own log, or that of the account'),
  };
}

function addressesOf(texts: readonly string[]): Address[] {
  return [...new Set(texts)].map(parseAddress).filter((address) => address !== null);
}

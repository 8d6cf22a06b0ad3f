/** The settings of a network as options of commands, checked here: not every service says what it leaves out. */
import type { Command } from 'commander';

import { addressRange, type AddressRange } from '../api/address-range.ts';
import type { NetworkView } from '../api/backend/index.ts';
import type { NetworkPatchV1 } from '../api/schema/v1.ts';
import { parseIpv4, parseIpv6 } from '../wire/ip-address.ts';
import { integer, optionError } from './options.ts';

/** Those that a network can be made and changed with. */
export interface NetworkOptions {
  readonly name?: string;
  readonly description?: string;
  readonly subnet?: string;
  readonly pool?: string;
  readonly ipv6?: boolean;
}

/** Those that it can be changed with beside. */
export interface NetworkChangeOptions extends NetworkOptions {
  readonly private?: true;
  readonly public?: true;
  readonly broadcast?: boolean;
  readonly mtu?: number;
  readonly multicastLimit?: number;
  /** False: none. */
  readonly route?: string[] | false;
  readonly dns?: string | false;
}

/** What members get where nobody says otherwise. */
export const defaultSubnet = '10.147.17.0/24';

/** Adds the options of {@link NetworkOptions} but IPv6. */
export function addNetworkOptions(command: Command, subnet?: string): Command {
  return command
    .option('--name <name>', 'what members see it as')
    .option('--description <text>', 'what it is for; members do not see it')
    .option('--subnet <net/bits>', 'where members get their IPv4 addresses', subnet)
    .option('--pool <net/bits>', 'the same as --subnet');
}

/** Adds the others. */
export function addNetworkChangeOptions(command: Command): Command {
  return addNetworkOptions(command)
    .option('--private', 'members must be authorised')
    .option('--public', 'anybody may join')
    .option('--ipv6', 'members have an RFC 4193 and a 6PLANE address')
    .option('--no-ipv6', 'they have neither')
    .option('--route <net/bits=address...>', 'routes over members, in place of those there are')
    .option('--no-route', 'no routes over members')
    .option('--dns <domain=address,...>', 'where members look up the names of a domain')
    .option('--no-dns', 'nowhere')
    .option('--mtu <bytes>', 'of the devices of members', integer('--mtu', 1_280, 10_000, '2800'))
    .option(
      '--multicast-limit <count>',
      'to how many members a multicast goes',
      integer('--multicast-limit', 0, 0xffff_ffff, '32'),
    )
    .option('--broadcast', 'broadcasts go to all members')
    .option('--no-broadcast', 'they go nowhere');
}

/** The change that options of `network create` ask for. @throws OPTION_INVALID */
export function newNetwork(options: NetworkOptions & { readonly public?: true }): NetworkPatchV1 {
  const { pool, route } = subnetOf(options);
  const { ipv6 = true } = options;
  return {
    ...texts(options),
    isPrivate: options.public !== true,
    assignsIpv4: true,
    assignsRfc4193: ipv6,
    assigns6plane: ipv6,
    routes: [route],
    pools: [pool],
  };
}

/** The change that options of `network set` ask for. @throws OPTION_INVALID */
export function networkChange(
  options: NetworkChangeOptions,
  current: Pick<NetworkView, 'routes' | 'pools'>,
): NetworkPatchV1 {
  const { ipv6, broadcast, mtu, multicastLimit, dns } = options;
  if (options.private === true && options.public === true)
    throw optionError('--public', '--private', 'not both', '');
  const isPrivate = options.private ?? (options.public === true ? false : undefined);
  return {
    ...texts(options),
    ...(isPrivate === undefined ? {} : { isPrivate }),
    ...(ipv6 === undefined ? {} : { assignsRfc4193: ipv6, assigns6plane: ipv6 }),
    ...(broadcast === undefined ? {} : { hasBroadcast: broadcast }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(multicastLimit === undefined ? {} : { multicastLimit }),
    ...(dns === undefined ? {} : { dns: dnsOf(dns) }),
    ...placesOf(options, current),
  };
}

function texts({ name, description }: NetworkOptions): NetworkPatchV1 {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Routes on the link come with the subnet, those over members with --route: each leaves the other kind alone. */
function placesOf(
  options: NetworkChangeOptions,
  current: Pick<NetworkView, 'routes' | 'pools'>,
): NetworkPatchV1 {
  const isMoved = options.subnet !== undefined || options.pool !== undefined;
  if (!isMoved && options.route === undefined) return {};
  const isIpv6 = ({ target }: { target: string }): boolean => target.includes(':');
  const onLink = current.routes.filter(({ via }) => via === null);
  const over = current.routes.filter(({ via }) => via !== null);
  const subnet = isMoved ? subnetOf(options) : null;
  const links = subnet === null ? onLink : [subnet.route, ...onLink.filter(isIpv6)];
  const routes =
    options.route === undefined ? over : options.route === false ? [] : options.route.map(routeOf);
  const pools =
    subnet === null
      ? {}
      : {
          assignsIpv4: true,
          pools: [subnet.pool, ...current.pools.filter(({ first }) => first.includes(':'))],
        };
  return { routes: [...links, ...routes], ...pools };
}

function subnetOf({ pool, subnet = defaultSubnet }: NetworkOptions): AddressRange {
  const [option, text] = pool === undefined ? ['--subnet', subnet] : ['--pool', pool];
  const range = addressRange(text);
  if (range !== null) return range;
  throw optionError(option, text, 'an IPv4 network of 8 to 30 bits', defaultSubnet);
}

function routeOf(text: string): { target: string; via: string } {
  const [target = '', via = '', ...rest] = text.split('=');
  const [ip = '', bits = '', ...more] = target.split('/');
  const family = familyOf(ip);
  const isRight =
    /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128) && more.length === 0;
  if (family === null || !isRight || familyOf(via) !== family || rest.length > 0)
    throw optionError(
      '--route',
      text,
      "a network and a member's address",
      '10.1.0.0/16=10.147.17.5',
    );
  return { target, via };
}

function dnsOf(text: string | false): { domain: string; servers: string[] } {
  if (text === false) return { domain: '', servers: [] };
  const [domain = '', list = '', ...rest] = text.split('=');
  const servers = list.split(',');
  const isRight = domain !== '' && servers.every((each) => familyOf(each) !== null);
  if (!isRight || servers.length > 4 || rest.length > 0)
    throw optionError('--dns', text, 'a domain and up to 4 servers', 'lan.example=10.147.17.5');
  return { domain, servers };
}

/** Null: it is no address. */
export function familyOf(text: string): 'ipv4' | 'ipv6' | null {
  if (parseIpv4(text) !== null) return 'ipv4';
  return parseIpv6(text) === null ? null : 'ipv6';
}

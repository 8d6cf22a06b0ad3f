/** Texts of the settings of a network, and of what a change of them does. */
import { counted, countedWho } from './counted.ts';

const labels = {
  name: 'Name',
  description: 'Description',
  isPrivate: 'Private: members must be authorised',
  routes: 'Routes',
  assignsIpv4: 'Give each member an IPv4 address out of the pools',
  assignsIpv6: 'Give each member an IPv6 address out of the pools',
  pools: 'Pools',
  assignsRfc4193: 'RFC 4193: a /128 that follows from the member',
  assigns6plane: '6PLANE: a /80 that follows from the member, for what is behind it',
  dns: 'DNS',
  multicastLimit: 'Multicast limit',
  hasBroadcast: 'Broadcasts go to all members',
  mtu: 'MTU',
} as const;

/** The same in a word, for lists of what has changed. */
const names = {
  name: 'name',
  description: 'description',
  isPrivate: 'private',
  routes: 'routes',
  assignsIpv4: 'IPv4 out of the pools',
  assignsIpv6: 'IPv6 out of the pools',
  pools: 'pools',
  assignsRfc4193: 'RFC 4193',
  assigns6plane: '6PLANE',
  dns: 'DNS',
  multicastLimit: 'multicast limit',
  hasBroadcast: 'broadcast',
  mtu: 'MTU',
} as const;

export const settings = {
  labels,
  names,
  parts: {
    general: 'General',
    addresses: 'Routes and addresses',
    ipv6: 'IPv6 addresses',
    dns: 'DNS',
    traffic: 'Traffic',
  },
  hints: {
    name: 'Members see it.',
    description: 'What the network is for. Members do not see it.',
    routes: 'Without a gateway the addresses are those of members themselves.',
    pools: 'Addresses are given out of them, where a route leads to them, too.',
    dns: 'Counts on members that allow it.',
    servers: 'Up to four addresses, with spaces between them.',
    multicastLimit: 'To how many members a multicast goes at most; 0 is none.',
    mtu: 'Bytes, from 1280 to 10000, of the devices of members; 2800 is usual.',
  },
  route: {
    target: (n: number) => `Route ${n}: network`,
    via: (n: number) => `Route ${n}: gateway`,
    viaShort: 'gateway, or empty',
    add: 'Add a route',
    remove: (n: number) => `Remove route ${n}`,
    none: 'no routes',
  },
  pool: {
    first: (n: number) => `Pool ${n}: first address`,
    last: (n: number) => `Pool ${n}: last address`,
    add: 'Add a pool',
    remove: (n: number) => `Remove pool ${n}`,
    none: 'no pools',
  },
  domain: 'Domain',
  servers: 'Servers',
  values: {
    yes: 'yes',
    no: 'no',
    none: 'none',
    via: (target: string, via: string) => `${target} over ${via}`,
    range: (first: string, last: string) => `${first} to ${last}`,
    dns: (domain: string, servers: string) => `${domain} at ${servers}`,
  },
  errors: {
    tooLong: (max: number) => `at most ${max} characters`,
    latin1: 'only letters that Latin-1 has: members read no others',
    target: 'a network such as 10.1.0.0/16 or fd00::/64',
    via: 'an address such as 10.147.17.5, or nothing',
    family: 'an address of the same family as the network',
    address: 'an IP address',
    order: 'not below the first, and of the same family',
    servers: 'one to four IP addresses',
    serversMany: 'at most four',
    domain: 'a domain, as there are servers for it',
    number: (min: number, max: number) => `a whole number from ${min} to ${max}`,
    many: (max: number) => `at most ${max}`,
    some: (count: number) =>
      count === 1 ? '1 field cannot stay as it is' : `${count} fields cannot stay as they are`,
  },
  unsaved: 'There are changes that are not saved.',
  discard: 'Discard',
  look: 'Look at what it does …',
  saved: 'The settings are saved.',
  undone: 'The settings are what they were before.',
  preview: {
    title: 'What the change does',
    changes: 'What changes',
    setting: 'Setting',
    before: 'Now',
    after: 'Then',
    effects: 'What it does to members',
    warning: 'look at this',
    membersAway: 'The members could not be read, so that nothing is counted here.',
  },
  conflict: {
    title: 'Somebody else has changed the settings meanwhile',
    read: 'When you began',
    byNow: 'By now',
    keep: 'Keep mine on top of it',
    take: 'Take theirs',
    hint: 'Yours, on top, changes only what you have changed; the rest stays as it is there.',
    both: 'you have changed it, too',
  },
  undoConflict: 'Somebody has changed the network since, so that nothing was undone.',
  effects: {
    none: 'Nothing changes for members.',
    letsIn: (n: number) =>
      `${countedWho(n, 'waits', 'wait')} and would be let in when ${n === 1 ? 'it asks' : 'they ask'} next.`,
    letsInDenied: (n: number) =>
      `${countedWho(n, 'was', 'were')} shut out and would come in again when ${n === 1 ? 'it asks' : 'they ask'}.`,
    letsAnybodyIn: 'Anybody who knows the network ID comes in from then on.',
    closes: (n: number) =>
      `${countedWho(n, 'is', 'are')} authorised and ${n === 1 ? 'stays' : 'stay'} so; whoever comes new waits.`,
    name: (n: number) => `${countedWho(n, 'sees', 'see')} the new name.`,
    routeNew: (n: number, target: string) =>
      `${countedWho(n, 'gets', 'get')} a route to ${target}.`,
    routeGone: (n: number, target: string) =>
      `${countedWho(n, 'loses', 'lose')} the route to ${target}.`,
    routeDefault: (target: string) =>
      `The route to ${target} takes all traffic of members that allow it, and of no others.`,
    routeTwice: (target: string) => `The route to ${target} is there twice.`,
    routesOverlap: (wide: string, narrow: string) =>
      `The routes to ${wide} and ${narrow} overlap: what is in both goes by the narrower one, ${narrow}.`,
    viaNobody: (target: string, via: string) =>
      `No member has the address ${via}, over which the route to ${target} goes.`,
    viaFar: (target: string, via: string) =>
      `The gateway ${via} of ${target} lies in no route without a gateway: members cannot reach it.`,
    unusable: (n: number) =>
      `${countedWho(n, 'has', 'have')} an address that cannot be used any more: no route leads to it.`,
    usable: (n: number) => `${countedWho(n, 'has', 'have')} an address that can be used again.`,
    outside: (n: number) => `${countedWho(n, 'keeps', 'keep')} addresses outside the pools.`,
    poolsClash: (a: string, b: string) => `The pools ${a} and ${b} have addresses in common.`,
    poolUnreached: (pool: string) =>
      `Nothing is given out of the pool ${pool}: no route leads to it.`,
    noPool: (family: string) =>
      `There is no pool with ${family} addresses, so that nobody is given one.`,
    given: (n: number, family: string) =>
      `${countedWho(n, 'has', 'have')} no ${family} address and would be given one when ${n === 1 ? 'it asks' : 'they ask'} next.`,
    poolsSmall: (room: number, wanted: number, family: string) =>
      `The pools have room for ${counted(room, `${family} address`, `${family} addresses`)}, and ${countedWho(wanted, 'wants', 'want')} one.`,
    keepsGiven: (n: number, family: string) =>
      `Nobody else is given an ${family} address; ${countedWho(n, 'keeps what it has', 'keep what they have')}.`,
    derivedNew: (n: number, what: string) => `${countedWho(n, 'gets', 'get')} ${what}.`,
    derivedGone: (n: number, what: string) => `${countedWho(n, 'loses', 'lose')} ${what}.`,
    rfc4193: 'an IPv6 address of RFC 4193',
    sixPlane: 'an IPv6 network of 6PLANE',
    dns: (n: number, domain: string, servers: string) =>
      `${countedWho(n, 'is', 'are')} told to look up ${domain} at ${servers}; it counts where DNS is allowed.`,
    dnsGone: (n: number) => `${countedWho(n, 'looks', 'look')} up names as before the network.`,
    noMulticast:
      'No multicast goes out, and so no ARP either: members do not find IPv4 addresses any more.',
    multicast: (n: number, limit: number) =>
      `${countedWho(n, 'sends', 'send')} a multicast to at most ${counted(limit, 'member')}.`,
    noBroadcast: 'Broadcasts go nowhere any more, but for ARP.',
    broadcast: 'Broadcasts of each member go to all others.',
    mtu: (n: number, mtu: number, before: number) =>
      `${countedWho(n, 'has', 'have')} to work with an MTU of ${mtu} in place of ${before}; connections that are open may stall for a moment.`,
    atOnce: (n: number) =>
      n === 1
        ? '1 member is online and gets it at once.'
        : `${n} members that are online get it at once.`,
    later: (n: number) =>
      n === 1
        ? '1 member is not online and gets it when it asks next.'
        : `${n} members that are not online get it when they ask next.`,
  },
} as const;

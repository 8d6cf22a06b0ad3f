/**
 * `local.conf` of the home directory: the operator's settings, JSON. Source: management.md 5, vl1.md 6.3.
 *
 * Read are those that this node knows; what else is there stays and is named once in the log, so that nobody believes in
 * a setting that does nothing. The file is looked at again every 10 s: what it says of addresses, interfaces and paths
 * counts at once, a port from the next start on.
 */
import { z } from 'zod';

import { errorMessage } from '../base/errors.ts';
import { parseAddress } from '../base/ids.ts';
import type { NodeRule, PathRules, PhysicalRule } from '../core/path-policy.ts';
import { parseInetAddress, type IpEndpoint } from '../wire/inet-address.ts';
import { daemonError } from './errors.ts';

/** Settings that are applied. */
export interface LocalConf {
  /** `settings.primaryPort`; null: not set. 0: any free one. */
  readonly primaryPort: number | null;
  /** `settings.bind`: addresses to listen on instead of all. */
  readonly bind: readonly string[];
  /** `settings.interfacePrefixBlacklist`: interfaces whose addresses are not used. */
  readonly interfacePrefixBlacklist: readonly string[];
  /** `settings.allowTokenInUrl`, ours alone: the API takes `?auth=` and answers `?jsonp=` as the official service does. */
  readonly allowTokenInUrl: boolean;
  /** `physical` and `virtual`. */
  readonly paths: PathRules;
  /** Of settings that say something which is not done. */
  readonly ignored: readonly string[];
}

/** Networks of `physical`, as many as the official service has. */
const physicalMax = 32;
/** Nodes of `virtual`. */
const nodesMax = 1_024;
/** Bytes of a datagram: in pieces of the least a frame of any usual MTU still is a packet; more no interface carries. */
const mtuBounds = { min: 576, max: 10_000 } as const;

const network = z.string().transform((text, context): IpEndpoint => {
  const parsed = parseInetAddress(text);
  if (parsed?.kind === 'ipv4' && parsed.port <= 32) return parsed;
  if (parsed?.kind === 'ipv6' && parsed.port <= 128) return parsed;
  context.addIssue(`"${text}" is no network: for example 10.0.0.0/8`);
  return z.NEVER;
});

const endpoint = z.string().transform((text, context): IpEndpoint => {
  const parsed = parseInetAddress(text);
  if ((parsed?.kind === 'ipv4' || parsed?.kind === 'ipv6') && parsed.port > 0) return parsed;
  context.addIssue(`"${text}" is no address and port: for example 192.0.2.1/9993`);
  return z.NEVER;
});

const schema = z.looseObject({
  physical: z
    .record(
      z.string(),
      z.looseObject({
        blacklist: z.boolean().optional(),
        mtu: z.int().min(mtuBounds.min).max(mtuBounds.max).optional(),
      }),
    )
    .refine((all) => Object.keys(all).length <= physicalMax, `more than ${physicalMax} networks`)
    .optional(),
  virtual: z
    .record(
      z.string(),
      z.looseObject({
        try: z.array(endpoint).max(64).optional(),
        blacklist: z.array(network).max(64).optional(),
      }),
    )
    .refine((all) => Object.keys(all).length <= nodesMax, `more than ${nodesMax} nodes`)
    .optional(),
  settings: z
    .looseObject({
      primaryPort: z.int().min(0).max(65_535).optional(),
      bind: z.array(z.string()).max(64).optional(),
      interfacePrefixBlacklist: z.array(z.string()).max(64).optional(),
      allowTokenInUrl: z.boolean().optional(),
    })
    .optional(),
});

/** Settings of the official service whose absence here is what they ask for. */
const harmless: Readonly<Record<string, unknown>> = {
  portMappingEnabled: false,
  allowSecondaryPort: false,
  allowTcpFallbackRelay: false,
  forceTcpRelay: false,
  softwareUpdate: 'disable',
};

/** Reads the text. @throws LOCAL_CONF_INVALID */
export function parseLocalConf(text: string, path: string): LocalConf {
  try {
    return confOf(schema.parse(JSON.parse(text)));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw daemonError('LOCAL_CONF_INVALID', `${path}: ${why.replaceAll('\n', ' ')}`, {
      remedy: 'mend it, or move it away: for example {"settings":{"primaryPort":9993}}',
      cause: error,
    });
  }
}

function confOf(conf: z.infer<typeof schema>): LocalConf {
  const { settings = {}, physical = {}, virtual = {}, ...sections } = conf;
  const { primaryPort, bind = [], interfacePrefixBlacklist = [], ...more } = settings;
  const { allowTokenInUrl = false, ...others } = more;
  const ignored = Object.keys(sections);
  const rules: PhysicalRule[] = [];
  for (const [name, { blacklist, mtu, ...rest }] of Object.entries(physical)) {
    rules.push({
      network: network.parse(name),
      isBlacklisted: blacklist === true,
      mtu: mtu ?? null,
    });
    ignored.push(...unknown(`physical.${name}`, rest));
  }
  const nodes = new Map<ReturnType<typeof addressOf>, NodeRule>();
  for (const [name, { try: tries = [], blacklist = [], ...rest }] of Object.entries(virtual)) {
    nodes.set(addressOf(name), { tries, blacklist });
    ignored.push(...unknown(`virtual.${name}`, rest));
  }
  ignored.push(
    ...Object.entries(others)
      .filter(([name, value]) => harmless[name] !== value)
      .map(([name]) => `settings.${name}`),
  );
  const paths = { physical: rules, nodes };
  return {
    primaryPort: primaryPort ?? null,
    bind,
    interfacePrefixBlacklist,
    allowTokenInUrl,
    paths,
    ignored,
  };
}

function addressOf(name: string): NonNullable<ReturnType<typeof parseAddress>> {
  const address = parseAddress(name);
  if (address === null) throw new Error(`virtual: "${name}" is no address of a node`);
  return address;
}

/** What stands in an object that we know and is not known there; nothing and 0 ask for nothing. */
function unknown(where: string, rest: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(rest).flatMap(([name, value]) =>
    value === 0 || value === null ? [] : [`${where}.${name}`],
  );
}

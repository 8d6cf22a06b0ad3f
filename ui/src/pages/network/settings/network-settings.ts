/** The settings of a network as values: which there are, what is different between two, and each in words. */
import type { NetworkPatchV1, NetworkV1 } from '../../../../../src/api/schema/v1.ts';
import { settings as words } from '../../../strings/settings.ts';

/** In the order in which they are shown. */
export const settingNames = [
  'name',
  'description',
  'isPrivate',
  'routes',
  'assignsIpv4',
  'assignsIpv6',
  'pools',
  'assignsRfc4193',
  'assigns6plane',
  'dns',
  'multicastLimit',
  'hasBroadcast',
  'mtu',
] as const;

/** One of them. */
export type SettingName = (typeof settingNames)[number];

/** All of them; `description` is null where a service has none. */
export type NetworkSettings = Pick<NetworkV1, SettingName>;

/** One that is not the same any more. */
export interface Difference {
  readonly name: SettingName;
  readonly before: string;
  readonly after: string;
}

/** Those of a network, without what else is known of it. */
export function settingsOf(network: NetworkSettings): NetworkSettings {
  return Object.fromEntries(settingNames.map((name) => [name, network[name]])) as NetworkSettings;
}

/** Some of them, for a change; without what the service does not have. */
export function patchOf(settings: NetworkSettings, names: readonly SettingName[]): NetworkPatchV1 {
  const entries = names.map((name) => [name, settings[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/** Which are different. */
export function changedNames(before: NetworkSettings, after: NetworkSettings): SettingName[] {
  return settingNames.filter((name) => valueOf(before, name) !== valueOf(after, name));
}

/** What is compared: a name may be the word that is shown where there is none. */
function valueOf(of: NetworkSettings, name: SettingName): string {
  switch (name) {
    case 'description':
      return of.description ?? '';
    case 'routes':
      return JSON.stringify(of.routes.map(({ target, via }) => [target, via]));
    case 'pools':
      return JSON.stringify(of.pools.map(({ first, last }) => [first, last]));
    case 'dns':
      // Servers count for a domain alone.
      return of.dns.domain === '' ? '' : JSON.stringify([of.dns.domain, of.dns.servers]);
    default:
      return String(of[name]);
  }
}

/** Which are different, in words. */
export function differences(before: NetworkSettings, after: NetworkSettings): Difference[] {
  return changedNames(before, after).map((name) => ({
    name,
    before: textOf(before, name),
    after: textOf(after, name),
  }));
}

/** What the settings that are named in a change are set to, in words. */
export function namedSettings(change: NetworkPatchV1): { name: SettingName; value: string }[] {
  return settingNames
    .filter((name) => change[name] !== undefined)
    .map((name) => ({ name, value: textOf(change, name) }));
}

/** Some settings. */
type Some = { readonly [Name in SettingName]?: NetworkSettings[Name] | undefined };

function textOf(of: Some, name: SettingName): string {
  const { values } = words;
  switch (name) {
    case 'name':
    case 'description':
      return (of[name] ?? '') || values.none;
    case 'mtu':
    case 'multicastLimit':
      return String(of[name]);
    case 'routes':
      return listed(
        of.routes?.map(({ target, via }) => (via === null ? target : values.via(target, via))),
      );
    case 'pools':
      return listed(of.pools?.map(({ first, last }) => values.range(first, last)));
    case 'dns':
      return of.dns === undefined || of.dns.domain === ''
        ? values.none
        : values.dns(of.dns.domain, listed(of.dns.servers));
    case 'isPrivate':
    case 'assignsIpv4':
    case 'assignsIpv6':
    case 'assignsRfc4193':
    case 'assigns6plane':
    case 'hasBroadcast':
      return of[name] === true ? values.yes : values.no;
  }
}

function listed(texts: readonly string[] = []): string {
  return texts.length === 0 ? words.values.none : texts.join(', ');
}

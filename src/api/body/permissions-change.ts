/**
 * The body of a POST to /network/ID: what the operator allows there. Source: management.md 1.4.
 *
 * As there only true and false count, and what else stands in the body is passed over: a program may send a whole network
 * back. `allowManaged` may also be a list of networks, which is what the file of the official service can hold.
 */
import type { PermissionsChange } from '../schema/network.ts';
import { BodyObject, given, invalid, textOf } from './loose.ts';

/** Networks of `allowManaged`. */
const networksMax = 64;

/** Reads it. @throws API_BODY_INVALID for a list that is none of texts */
export function readPermissionsChange(value: unknown): PermissionsChange {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const body = new BodyObject(value, 'the settings');
  const flag = (key: string): boolean | undefined => {
    const flagValue = body.value(key);
    return typeof flagValue === 'boolean' ? flagValue : undefined;
  };
  return given({
    allowManaged: Array.isArray(body.value('allowManaged')) ? networks(body) : flag('allowManaged'),
    allowGlobal: flag('allowGlobal'),
    allowDefault: flag('allowDefault'),
    allowDNS: flag('allowDNS'),
  });
}

function networks(body: BodyObject): readonly string[] | undefined {
  const list = body.list('allowManaged', textOf);
  if (list !== undefined && (list.length === 0 || list.length > networksMax))
    throw invalid('allowManaged', `is no list of 1 to ${networksMax} networks`, list.length);
  return list;
}

/** What a person may set of a member, checked and in the form that is kept. */
import { formatIpv4, formatIpv6 } from '../wire/ip-address.ts';
import type { MemberSettings } from './member-record.ts';
import {
  check,
  checkDescription,
  checkTraceLevel,
  isLatin1,
  isU32,
  parseIp,
} from './network-plan.ts';

const memberListMax = 128;

/** @throws CONTROLLER_SETTING_INVALID */
export function checkedSettings(given: MemberSettings): MemberSettings {
  const { name, description, isActiveBridge, noAutoAssignIps } = given;
  const { ipAssignments, tags, capabilities, traceTarget, traceLevel } = given;
  const { authenticationExpiryMs } = given;
  check(isLatin1(name), 'the name of the member', 'is not 127 characters of Latin-1 or fewer');
  checkDescription(description);
  checkTraceLevel(traceLevel);
  check(
    Number.isSafeInteger(authenticationExpiryMs),
    'the time of signing on',
    'is no whole number',
  );
  for (const [what, list] of Object.entries({ ipAssignments, tags, capabilities }))
    check(list.length <= memberListMax, `the list ${what}`, `has more than ${memberListMax}`);
  check(
    tags.every(({ id, value }) => isU32(id) && isU32(value)) &&
      new Set(tags.map(({ id }) => id)).size === tags.length,
    'the tags',
    'are not numbers of 32 bits, each once',
  );
  check(capabilities.every(isU32), 'the capabilities', 'are not numbers of 32 bits');
  return {
    name,
    description,
    isActiveBridge,
    noAutoAssignIps,
    ipAssignments: ipAssignments.map((text) => {
      const ip = parseIp(text, 'an address');
      return ip.kind === 'ipv4' ? formatIpv4(ip.address) : formatIpv6(ip.address);
    }),
    tags,
    capabilities: [...new Set(capabilities)].sort((a, b) => a - b),
    traceTarget,
    traceLevel,
    authenticationExpiryMs,
  };
}

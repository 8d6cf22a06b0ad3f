/**
 * Conditions on who sends to whom, and on the frame as a whole.
 *
 * Source: vl2 7.2. Address 0 in a rule is "no destination". There are no VLANs in networks of today: a frame has ID 0, and
 * its priority and drop-eligible bits are 0.
 */
import { matchResults, yesIf, type MatchMakers } from './match.ts';

/** The conditions of this file. */
export const linkMatches: MatchMakers<
  | 'MATCH_SOURCE_ZEROTIER_ADDRESS'
  | 'MATCH_DEST_ZEROTIER_ADDRESS'
  | 'MATCH_VLAN_ID'
  | 'MATCH_VLAN_PCP'
  | 'MATCH_VLAN_DEI'
  | 'MATCH_MAC_SOURCE'
  | 'MATCH_MAC_DEST'
  | 'MATCH_ETHERTYPE'
  | 'MATCH_FRAME_SIZE_RANGE'
  | 'MATCH_RANDOM'
> = {
  MATCH_SOURCE_ZEROTIER_ADDRESS:
    ({ zt }) =>
    ({ source }) =>
      yesIf(source === zt),
  MATCH_DEST_ZEROTIER_ADDRESS:
    ({ zt }) =>
    ({ destination }) =>
      yesIf(destination === zt),
  MATCH_VLAN_ID:
    (rule) =>
    ({ vlanId }) =>
      yesIf(vlanId === rule.vlanId),
  MATCH_VLAN_PCP: ({ vlanPcp }) => constant(vlanPcp === 0),
  MATCH_VLAN_DEI: ({ vlanDei }) => constant(vlanDei === 0),
  MATCH_MAC_SOURCE:
    ({ mac }) =>
    ({ sourceMac }) =>
      yesIf(sourceMac === mac),
  MATCH_MAC_DEST:
    ({ mac }) =>
    ({ destinationMac }) =>
      yesIf(destinationMac === mac),
  MATCH_ETHERTYPE:
    (rule) =>
    ({ etherType }) =>
      yesIf(etherType === rule.etherType),
  MATCH_FRAME_SIZE_RANGE: (rule) => {
    const from = rule.start;
    const to = rule.end;
    return ({ start, end }) => yesIf(end - start >= from && end - start <= to);
  },
  MATCH_RANDOM:
    ({ probability }) =>
    (_frame, own) =>
      yesIf(own.randomU32() <= probability),
};

function constant(value: boolean): () => 0 | 1 {
  const result = value ? matchResults.yes : matchResults.no;
  return () => result;
}

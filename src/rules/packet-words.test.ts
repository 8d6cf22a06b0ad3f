import { describe, expect, it } from 'vitest';

import { formatAddress, formatMac } from '../base/ids.ts';
import { describeFrame } from '../wire/ethernet/describe-frame.ts';
import { tcpFlagsAt } from '../wire/ethernet/ip.ts';
import { compile } from './compile.ts';
import type { NamedThings } from './compiled.ts';
import type { DescribedPacket } from './described-packet.ts';
import { parsePacket } from './packet-words.ts';

function thingsOf(source: string): NamedThings {
  const result = compile(source);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.compiled;
}

const things = thingsOf(`
  tag department id 1 enum 100 sales enum 200 support default sales;
  tag clearance id 2 flag 0 staging flag 31 executive;
  cap web id 7 default accept dport 80; ;
  cap admin id 9 accept; ;`);

function packet(words: string): DescribedPacket {
  const result = parsePacket(words, things);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.packet;
}

function problem(words: string): string {
  const result = parsePacket(words, things);
  if (result.kind === 'packet') return '';
  const [first] = result.problems;
  return `${first?.column} ${first?.message}; ${first?.expected}`;
}

function frame(words: string): string {
  const { etherType, payload } = packet(`from member to member ${words}`);
  return describeFrame(etherType, payload, 0, payload.length);
}

describe('a described packet', () => {
  it.each([
    ['', /10\.0\.0\.1 → 10\.0\.0\.2/],
    [
      'ipsrc 10.1.0.1 ipdest 10.1.0.2 ipprotocol udp sport 5000 dport 53',
      /10\.1\.0\.1 → 10\.1\.0\.2 UDP 5000 → 53/,
    ],
    ['ipprotocol tcp dport 22', /TCP.*22.*SYN/],
    ['ipprotocol tcp chr tcp_syn chr tcp_ack', /SYN.*ACK/],
    ['icmp 8', /ICMP.*echo request/],
    ['ipsrc fd00::5 icmp 135', /neighbour solicitation for fd00::2/],
    ['ethertype arp ipsrc 10.0.0.7 ipdest 10.0.0.8', /ARP who has 10\.0\.0\.8, asks 10\.0\.0\.7/],
    ['ethertype wol', /Wake-on-LAN/],
  ])('of %j is a frame', (words, shown) => {
    expect(frame(words)).toMatch(shown);
  });

  it('is between members with the tags and capabilities that members have', () => {
    const { sender, receiver } = packet(
      'from 89e92ceee5 with tag department support and cap admin without cap web ' +
        'to member without tag department with tag clearance staging+executive and chr tcp_ack',
    );
    expect(formatAddress(sender.address)).toBe('89e92ceee5');
    expect([...sender.tags]).toEqual([[1, 200]]);
    expect([...sender.capabilities]).toEqual([9]);
    expect([...receiver.tags]).toEqual([[2, 0x8000_0001]]);
    expect([...receiver.capabilities]).toEqual([7]);
  });

  it('has the flags, sizes and addresses that are said', () => {
    const { etherType, payload, destinationMac, vlanId, randomU32 } = packet(
      'from member to member chr tcp_fin and chr tcp_rs0 framesize 1400 macdest 02:00:00:00:00:07 vlan 5 random 0.5',
    );
    expect(tcpFlagsAt(etherType, payload, 0, payload.length)).toBe(0x801);
    expect([payload.length, formatMac(destinationMac)]).toEqual([1400, '02:00:00:00:00:07']);
    expect([vlanId, randomU32]).toEqual([5, 0x8000_0000]);
  });

  it('goes to groups', () => {
    const to = (words: string): string =>
      formatMac(packet(`from member to member ${words}`).destinationMac);
    expect(to('chr broadcast ethertype arp')).toBe('ff:ff:ff:ff:ff:ff');
    expect(to('chr multicast')).toBe('01:00:5e:00:00:01');
    expect(to('chr multicast ipdest ff02::fb')).toBe('33:33:00:00:00:01');
  });

  it.each([
    ['to member', '1 "to" stands there; "from"'],
    ['from me to member', '6 "me" is no address; a node\'s address: 10 hexadecimal digits'],
    ['from member dport 1', '13 "dport" stands there; "to"'],
    ['from member with dport', '18 "dport" stands there; tag or cap'],
    ['from member with tag age 1', '22 there is no tag "age" above; one of department, clearance'],
    [
      'from member with tag clearance staging+x',
      '32 tag clearance has no flag of that name; staging, executive',
    ],
    ['from member with cap king', '22 there is no capability "king"; one of web, admin'],
    ['from member to member colour 5', /^23 "colour" says nothing of a packet; ethertype/],
    [
      'from member to member dport 22',
      '23 "dport" does not fit the packet; ipprotocol tcp, udp, sctp or udplite',
    ],
    [
      'from member to member ipprotocol udp chr tcp_syn',
      '38 "chr" does not fit the packet; ipprotocol tcp',
    ],
    [
      'from member to member ethertype ipv6 ipprotocol icmp icmp 8',
      '54 "icmp" does not fit the packet; ipprotocol icmp6',
    ],
    [
      'from member to member ethertype arp ipprotocol tcp',
      '37 "ipprotocol" does not fit the packet; ethertype ipv4 or ipv6',
    ],
    [
      'from member to member ipsrc 10.0.0.1 ipdest ::1',
      '38 the address is not of the kind of the packet; an ipv4 address',
    ],
    ['from member to member ipsrc 10.0.0.0/8', '29 "10.0.0.0/8" is no IP address; an IP address'],
    ['from member to member chr inbound', '27 a packet is tried on both sides; nothing of sides'],
    ['from member to member not chr tcp_syn', '31 "tcp_syn" stands there; "ipauth"'],
    ['from member to member framesize 10', '23 the frame has more bytes; at least 28'],
  ])('that says %j is refused', (words, told) => {
    expect(problem(words)).toMatch(told);
  });
});

/** Rules to begin from: the examples of docs/rules.md, each with its tests. */

/** One of them; its words are in the catalogue. */
export type TemplateName =
  'open' | 'ethernet' | 'servers' | 'departments' | 'superuser' | 'observer';

/** Sources, in the order in which they are offered. */
export const templates: Readonly<Record<TemplateName, string>> = {
  open: `# Everything passes.
accept;

expect accept from member to member ipprotocol tcp dport 443;
`,
  ethernet: `drop
  not ethertype ipv4
  and not ethertype arp
  and not ethertype ipv6
;
accept;

expect accept from member to member ipprotocol tcp dport 443;
expect accept from member to member ethertype arp chr broadcast;
expect accept from member to member ethertype ipv6 icmp 128;
expect drop from member to member ethertype wol chr broadcast;
`,
  servers: `tag server
  id 2
  enum 0 no
  enum 1 yes
  default no
;

accept ethertype arp;
# Neighbour discovery of IPv6 is what ARP is of IPv4.
accept ipprotocol icmp6 and icmp 135 -1 or icmp 136 -1;
break not tor server 1;
accept;

expect accept from member to member with tag server yes ipprotocol tcp dport 443;
expect accept from member with tag server yes to member ipprotocol tcp sport 443 chr tcp_ack;
expect accept from member with tag server yes to member with tag server yes icmp 8;
expect drop from member to member ipprotocol tcp dport 443;
expect drop from member to member icmp 8;
expect accept from member to member ethertype arp chr broadcast;
expect accept from member to member ipdest fd00::2 icmp 135;
`,
  departments: `tag department
  id 1000
  enum 1 sales
  enum 2 engineering
  enum 3 printers
  default 0
;

macro service($port)
  accept ipprotocol tcp and dport $port and tdiff department 0;
;

drop not ethertype ipv4 and not ethertype arp and not ethertype ipv6;
drop not chr ipauth;
include service(139)
include service(445)
accept ipprotocol tcp and dport 631 and treq department 3;
break chr tcp_syn and not chr tcp_ack;
accept;

expect accept from member with tag department sales to member with tag department sales ipprotocol tcp dport 445;
expect drop from member with tag department sales to member with tag department engineering ipprotocol tcp dport 445;
expect accept from member with tag department sales to member with tag department engineering
  ipprotocol tcp sport 445 chr tcp_syn chr tcp_ack;
expect accept from member with tag department engineering to member with tag department printers ipprotocol tcp dport 631;
expect drop from member with tag department printers to member with tag department sales ipprotocol tcp dport 22;
expect drop from member to member ipsrc 10.9.9.9 not chr ipauth;
expect accept from member to member ipprotocol udp dport 53;
`,
  superuser: `cap superuser
  id 1000
  accept;
;
cap resolver
  id 53
  default
  accept ipprotocol tcp and dport 53;
;

drop not ethertype ipv4 and not ethertype arp and not ethertype ipv6;
break chr tcp_syn and not chr tcp_ack;
accept;

expect accept from member with cap superuser to member ipprotocol tcp dport 22;
expect drop from member to member ipprotocol tcp dport 22;
expect accept from member to member with cap superuser ipprotocol tcp sport 22 chr tcp_syn chr tcp_ack;
expect drop from member with cap superuser to member ethertype wol;
expect accept from member to member ipprotocol tcp dport 53;
expect drop from member without cap resolver to member ipprotocol tcp dport 53;
`,
  observer: `tee 128 deadbeef11
  chr inbound
  and chr tcp_syn
;
accept;

expect accept from member to member ipprotocol tcp dport 80;
`,
};

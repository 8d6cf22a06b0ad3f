/** What stands between a site and the internet and looks at every datagram: a NAT, a firewall, or several in a row. */
import type { Endpoint } from '../src/core/endpoint.ts';

/** Why a box lets nothing through. */
export type BoxRefusal = 'nat-full' | 'nat-no-mapping' | 'nat-filtered' | 'firewall';

/** The boxes of a site lie in a row from its hosts outwards. */
export interface Box {
  /** A datagram leaves. @returns its source as seen outside */
  outbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal;
  /** A datagram comes. @returns its destination inside */
  inbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal;
  /** Its power fails: it forgets everything. */
  restart(): void;
}

/** The text of an endpoint's address, without its port. */
export function ipOf(endpoint: Endpoint): string {
  return endpoint.key.slice(0, endpoint.key.lastIndexOf('/'));
}

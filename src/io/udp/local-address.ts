/** The address that a socket is to be bound to, of text that a person may have written. */
import { ipEndpoint, type IpEndpoint } from '../../wire/inet-address.ts';
import { udpError } from './errors.ts';

/** @throws UDP_ADDRESS for text that is no IP address */
export function localAddress(local: { readonly ip: string; readonly port: number }): IpEndpoint {
  const address = ipEndpoint(local.ip, local.port);
  if (address !== null && Number.isInteger(local.port) && local.port >= 0 && local.port <= 0xffff)
    return address;
  throw udpError('UDP_ADDRESS', `${local.ip} port ${local.port} is no address of UDP`, {
    remedy: 'give an IPv4 or IPv6 address, as of: ip -br address, and a port of 0 to 65535',
    details: { ip: local.ip, port: local.port },
  });
}

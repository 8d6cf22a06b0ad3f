/** Error codes of UDP sockets. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const udpErrors = {
  UDP_PORT_IN_USE: {
    summary: 'Another program has the UDP port.',
    exit: exitCodes.failed,
  },
  UDP_ADDRESS: {
    summary: 'A UDP socket was to be bound to what is no address of this machine.',
    exit: exitCodes.notFound,
  },
  UDP_PERMISSION: {
    summary: 'The system does not let this user have the UDP port.',
    exit: exitCodes.denied,
  },
  UDP_REFUSED: {
    summary: 'The system refused to make a UDP socket.',
    exit: exitCodes.failed,
  },
  UDP_UNKNOWN: {
    summary: 'There is no way of moving datagrams of the name that was asked for.',
    exit: exitCodes.usage,
  },
} as const satisfies ErrorTable;

export const udpError = errorFactory(udpErrors);

/** What a failed bind is to a person. @param name - of the error: `EADDRINUSE` */
export function bindError(name: string, ip: string, port: number, cause?: unknown): Error {
  const shown = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  const more = { details: { ip, port, error: name }, ...(cause !== undefined && { cause }) };
  switch (name) {
    case 'EADDRINUSE':
      return udpError('UDP_PORT_IN_USE', `UDP ${shown} is in use`, {
        remedy: `see who has it: ss -lunp 'sport = ${port}'; stop that, or choose another port`,
        ...more,
      });
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return udpError('UDP_ADDRESS', `${ip} is not an address of this machine`, {
        remedy: 'choose one of: ip -br address',
        ...more,
      });
    case 'EACCES':
    case 'EPERM':
      return udpError('UDP_PERMISSION', `UDP ${shown} is not for this user`, {
        remedy: 'choose a port above 1023, or run it as root',
        ...more,
      });
    default:
      return udpError('UDP_REFUSED', `no UDP socket on ${shown}: ${name}`, {
        remedy: 'free descriptors and memory (ulimit -n), and try again',
        ...more,
      });
  }
}

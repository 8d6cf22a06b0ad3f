/** Error codes of addresses and routes of devices. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const netifErrors = {
  NETIF_MISSING: {
    summary: 'A network device that is to be set up is not there.',
    exit: exitCodes.notFound,
  },
  NETIF_PERMISSION: {
    summary: 'The system does not let this user change addresses and routes.',
    exit: exitCodes.denied,
  },
  NETIF_ROUTE_TAKEN: {
    summary: 'A route of a network leads where the machine has a route of its own, which stays.',
    exit: exitCodes.failed,
  },
  NETIF_IPV6_OFF: {
    summary: 'IPv6 is switched off on a device that is to have an IPv6 address.',
    exit: exitCodes.failed,
  },
  NETIF_REFUSED: {
    summary: 'The system refused an address, a route or an MTU of a network.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const netifError = errorFactory(netifErrors);

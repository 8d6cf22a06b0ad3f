/** Error codes of the probes: what keeps a measurement from starting, or ends it. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const probeErrors = {
  NAME_NOT_FOUND: { summary: 'The host name has no address.', exit: exitCodes.notFound },
  CONNECT_REFUSED: {
    summary: 'Nothing listens on the port of the host.',
    exit: exitCodes.unreachable,
  },
  CONNECT_TIMED_OUT: {
    summary: 'The host did not answer the connection attempt in time.',
    exit: exitCodes.unreachable,
  },
  HOST_UNREACHABLE: { summary: 'There is no route to the host.', exit: exitCodes.unreachable },
  CONNECT_DENIED: {
    summary: 'The system does not let this user connect to the address.',
    exit: exitCodes.denied,
  },
  CONNECTION_CLOSED: {
    summary: 'The server closed the connection before anything was measured.',
    exit: exitCodes.unreachable,
  },
  NOT_TLS: {
    summary: 'What answers on the port does not speak TLS.',
    exit: exitCodes.failed,
  },
  HANDSHAKE_TIMED_OUT: {
    summary: 'The TLS handshake was not finished in time.',
    exit: exitCodes.unreachable,
  },
  HANDSHAKE_FAILED: { summary: 'The TLS handshake failed.', exit: exitCodes.failed },
  SERVER_UNTRUSTED: {
    summary: "The server's certificate was not issued by the authority that this client trusts.",
    exit: exitCodes.denied,
  },
  SERVER_CERTIFICATE_EXPIRED: {
    summary: "The server's certificate is out of its validity.",
    exit: exitCodes.denied,
  },
  SERVER_NAME_MISMATCH: {
    summary: "The server's certificate is for other names or addresses.",
    exit: exitCodes.denied,
  },
  PIN_MISMATCH: {
    summary: "The server's certificate is not the one that was pinned.",
    exit: exitCodes.denied,
  },
  CLIENT_CERTIFICATE_REFUSED: {
    summary: 'The server wants a client certificate of its authority, and did not get one.',
    exit: exitCodes.denied,
  },
  NOT_OVERSPAN: {
    summary: 'The server is not one of ours, and what ends a reply was not said.',
    exit: exitCodes.usage,
  },
  SERVER_REFUSED: {
    summary: 'The server refused the requests, and said why.',
    exit: exitCodes.failed,
  },
  NO_REPLY: {
    summary: 'The server took the requests and did not answer them.',
    exit: exitCodes.unreachable,
  },
  PIN_INVALID: { summary: 'What was given to --pin is no SHA-256.', exit: exitCodes.usage },
} as const satisfies ErrorTable;

export const probeError = errorFactory(probeErrors);

/** Error codes of the measurement server. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const serverErrors = {
  PORT_IN_USE: {
    summary: 'Another program listens on the address and port.',
    exit: exitCodes.failed,
  },
  LISTEN_DENIED: {
    summary: 'The system does not let this user listen on the port.',
    exit: exitCodes.denied,
  },
  LISTEN_ADDRESS: {
    summary: 'The address to listen on is none of this machine.',
    exit: exitCodes.notFound,
  },
  RESPONDER_INVALID: {
    summary: 'The module given to --respond does not export a function `respond`.',
    exit: exitCodes.usage,
  },
  TLS_MATERIAL_INVALID: {
    summary: 'The certificate or key could not be used for TLS.',
    exit: exitCodes.failed,
  },
  SERVER_PROCESS_FAILED: {
    summary: 'A server process that a measurement needs did not start.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const serverError = errorFactory(serverErrors);

/** Error codes of TAP devices. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const tapErrors = {
  TAP_UNAVAILABLE: {
    summary: 'This machine, or this installation, has no way of making a TAP device.',
    exit: exitCodes.failed,
  },
  TAP_MISSING: {
    summary: 'The kernel offers no TAP devices: there is no /dev/net/tun.',
    exit: exitCodes.notFound,
  },
  TAP_PERMISSION: {
    summary: 'The system does not let this user make a network device.',
    exit: exitCodes.denied,
  },
  TAP_BUSY: {
    summary: 'There is a network device of the name already.',
    exit: exitCodes.failed,
  },
  TAP_NAME: {
    summary: 'A network device cannot have the name that was asked for.',
    exit: exitCodes.usage,
  },
  TAP_REFUSED: {
    summary: 'The system refused to make or set up a TAP device.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const tapError = errorFactory(tapErrors);

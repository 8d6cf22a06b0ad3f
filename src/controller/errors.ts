/** Error codes of a network controller's commands. */
import {
  errorFactory,
  exitCodes,
  type ErrorEntry,
  type ErrorOptions,
  type OverspanError,
} from '../base/errors.ts';

type Code =
  | 'CONTROLLER_NETWORK_UNKNOWN'
  | 'CONTROLLER_MEMBER_UNKNOWN'
  | 'CONTROLLER_MEMBER_BANNED'
  | 'CONTROLLER_INVITE_UNKNOWN'
  | 'CONTROLLER_TOKEN_UNKNOWN'
  | 'CONTROLLER_SETTING_INVALID'
  | 'CONTROLLER_FULL';

/** The table. */
export const controllerErrors: Readonly<Record<Code, ErrorEntry>> = {
  CONTROLLER_NETWORK_UNKNOWN: {
    summary: 'This controller has no such network.',
    exit: exitCodes.notFound,
  },
  CONTROLLER_MEMBER_UNKNOWN: {
    summary: 'The network has no such member: it has neither asked nor been authorised.',
    exit: exitCodes.notFound,
  },
  CONTROLLER_MEMBER_BANNED: {
    summary: 'The member is banned from the network, and is let in only when the ban was lifted.',
    exit: exitCodes.failed,
  },
  CONTROLLER_INVITE_UNKNOWN: {
    summary: 'The network has no such invitation: it was never made, or was revoked.',
    exit: exitCodes.notFound,
  },
  CONTROLLER_TOKEN_UNKNOWN: {
    summary: 'There is no such API token: it was never made, was revoked, or has expired.',
    exit: exitCodes.notFound,
  },
  CONTROLLER_SETTING_INVALID: {
    summary: 'A setting of a network or member cannot be used: an address, a range, a number.',
    exit: exitCodes.usage,
  },
  CONTROLLER_FULL: {
    summary: 'The controller has as many networks, or the network as many members, as it may have.',
    exit: exitCodes.failed,
  },
};

/** Makes one. */
export const controllerError: (
  code: Code,
  message: string,
  options: ErrorOptions,
) => OverspanError = errorFactory(controllerErrors);

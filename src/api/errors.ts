/** Error codes of talking to a running daemon. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const apiErrors = {
  DAEMON_NOT_RUNNING: {
    summary: 'No daemon runs with this home directory, or it does not answer.',
    exit: exitCodes.unreachable,
  },
  API_TOKEN_MISSING: {
    summary: 'The token of the daemon is not there or may not be read by this user.',
    exit: exitCodes.denied,
  },
  API_TOKEN_REFUSED: {
    summary: 'The daemon does not accept the token: it belongs to another one.',
    exit: exitCodes.denied,
  },
  API_FAILED: {
    summary: 'The daemon answered with an error, or with what is no answer to the question.',
    exit: exitCodes.failed,
  },
  API_BODY_INVALID: {
    summary: 'A request to the API holds a value that cannot be what it is sent for.',
    exit: exitCodes.usage,
  },
  MANAGEMENT_REFUSED: {
    summary: 'The daemon refused a command of management; the message begins with its own code.',
    exit: exitCodes.failed,
  },
  MANAGEMENT_NOT_FOUND: {
    summary:
      'The daemon has no such network, member, invitation or token; the message begins with its own code.',
    exit: exitCodes.notFound,
  },
  API_PATH_INVALID: {
    summary: 'A path of the API names an id that is none.',
    exit: exitCodes.usage,
  },
  NETWORK_NOT_JOINED: {
    summary: 'This node is not in that network.',
    exit: exitCodes.notFound,
  },
  NETWORK_NOT_FOUND: {
    summary: 'The controller of a network that was joined knows no such network.',
    exit: exitCodes.notFound,
  },
  NETWORK_FAILED: {
    summary: 'A network was joined that this node cannot be in.',
    exit: exitCodes.failed,
  },
  NETWORK_NOT_OWNED: {
    summary: 'The controller of this node has no such network.',
    exit: exitCodes.notFound,
  },
  MEMBER_UNKNOWN: {
    summary: 'The network has no such member: it has not asked to join yet.',
    exit: exitCodes.notFound,
  },
  CONTROLLER_NOT_RUNNING: {
    summary: 'The daemon runs without a controller, so it owns no networks.',
    exit: exitCodes.failed,
  },
  RULES_JSON_INVALID: {
    summary: 'Rules as JSON cannot be read: `details.problems` says which and why.',
    exit: exitCodes.usage,
  },
  RANGE_NONE_FREE: {
    summary: 'No private range of IPv4 is free for a new network: this machine uses all of them.',
    exit: exitCodes.failed,
  },
  SERVICE_LACKS: {
    summary:
      'The command, or one of its options, means nothing to the service that the context names.',
    exit: exitCodes.usage,
  },
  CENTRAL_TOKEN_REFUSED: {
    summary: 'ZeroTier Central does not accept the token, or it has ended.',
    exit: exitCodes.denied,
  },
  CENTRAL_FORBIDDEN: {
    summary: 'ZeroTier Central knows the account, which has not the right to do this.',
    exit: exitCodes.denied,
  },
  CENTRAL_NOT_FOUND: {
    summary: 'ZeroTier Central has nothing at this address.',
    exit: exitCodes.notFound,
  },
  CENTRAL_BUSY: {
    summary: 'ZeroTier Central refuses for now: too many requests by this account.',
    exit: exitCodes.unreachable,
  },
  CENTRAL_UNREACHABLE: {
    summary: 'ZeroTier Central cannot be reached, or does not answer in time.',
    exit: exitCodes.unreachable,
  },
  CENTRAL_FAILED: {
    summary: 'ZeroTier Central answered with an error, or with what is no answer to the question.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const apiError = errorFactory(apiErrors);

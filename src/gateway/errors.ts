/** Error codes of the page's server. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const gatewayErrors = {
  UI_SESSION_MISSING: {
    summary: 'The page is not signed in, or its session has ended.',
    exit: exitCodes.denied,
  },
  UI_TOKEN_REFUSED: {
    summary: 'The token that was given to the page opens nothing.',
    exit: exitCodes.denied,
  },
  UI_TOO_MANY_TRIES: {
    summary: 'Too many tokens were tried, or questions asked, in a short time.',
    exit: exitCodes.denied,
  },
  UI_REQUEST_FORGED: {
    summary: 'A request came from another page, or by a name that the page does not have.',
    exit: exitCodes.denied,
  },
  UI_BODY_TOO_LONG: {
    summary: 'The page was sent more with a request than any request needs.',
    exit: exitCodes.usage,
  },
  UI_INVITATION_INVALID: {
    summary: 'The page for joining was shown what is no invitation to its network.',
    exit: exitCodes.usage,
  },
  UI_SERVICE_UNKNOWN: {
    summary: 'The page asked for a service that it does not have.',
    exit: exitCodes.notFound,
  },
  UI_SERVICE_AWAY: {
    summary: 'The service that the page is about does not answer.',
    exit: exitCodes.unreachable,
  },
  UI_SERVICE_REFUSED: {
    summary: 'The service that the page is about does not take the token that its context names.',
    exit: exitCodes.denied,
  },
  UI_RUNS_DENIED: {
    summary: 'Measuring, or looking at runs, was asked for by a session that may not.',
    exit: exitCodes.denied,
  },
  UI_RUNS_PATH_UNKNOWN: {
    summary: 'The page asked for something of runs that there is not.',
    exit: exitCodes.notFound,
  },
  UI_RUN_INVALID: {
    summary: 'The page asked for a run in a form that is none.',
    exit: exitCodes.usage,
  },
  UI_PORT_IN_USE: {
    summary: 'The port of the page is in use.',
    exit: exitCodes.failed,
  },
  UI_LISTEN_DENIED: {
    summary: 'The system does not let this user listen on the port of the page.',
    exit: exitCodes.denied,
  },
  UI_LISTEN_ADDRESS: {
    summary: 'The address that the page was to listen on is none of this machine.',
    exit: exitCodes.notFound,
  },
  UI_TLS_INVALID: {
    summary: 'The certificate or the key of the page could not be used.',
    exit: exitCodes.failed,
  },
  UI_TLS_REQUIRED: {
    summary: 'The page was to be served beyond this machine without TLS.',
    exit: exitCodes.usage,
  },
  UI_NOT_BUILT: {
    summary: 'The files of the page are not in this installation.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

/** Makes one of these errors. */
export const gatewayError = errorFactory(gatewayErrors);

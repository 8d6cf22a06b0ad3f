/** Error codes of running a node. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const daemonErrors = {
  HOME_IN_USE: {
    summary: 'Another daemon, ours or the official one, runs with this home directory.',
    exit: exitCodes.failed,
  },
  HOME_UNUSABLE: {
    summary: 'The home directory, or a file in it, cannot be read or written.',
    exit: exitCodes.denied,
  },
  HOME_IDENTITY_INVALID: {
    summary: 'The home directory has an identity that is none, or whose keys do not fit together.',
    exit: exitCodes.failed,
  },
  LOCAL_CONF_INVALID: {
    summary: 'local.conf of the home directory is not JSON, or a setting in it has a wrong value.',
    exit: exitCodes.usage,
  },
  PLANET_INVALID: {
    summary: 'The file that was given as a planet holds none, or cannot be read.',
    exit: exitCodes.usage,
  },
  ROOT_FILES_EXIST: {
    summary: 'A planet or its signing key is where a new one was to be written.',
    exit: exitCodes.failed,
  },
  PLANET_KEY_MISSING: {
    summary: 'The key that signs the next revision of a planet is not beside it.',
    exit: exitCodes.notFound,
  },
  API_PORT_IN_USE: {
    summary:
      'The TCP port of the local API, the number of the UDP one, is taken by another program.',
    exit: exitCodes.failed,
  },
  DEVICES_OFF: {
    summary: 'A network was joined by a node that was started without devices.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const daemonError = errorFactory(daemonErrors);

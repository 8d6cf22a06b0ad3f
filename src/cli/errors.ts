/** Error codes of the command line itself. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const cliErrors = {
  USAGE: {
    summary: 'There is no such command or option, or an argument is missing.',
    exit: exitCodes.usage,
  },
  UNEXPECTED: {
    summary: 'A defect of Overspan: please report it with the output of the same command and -v.',
    exit: exitCodes.failed,
  },
  OPTION_INVALID: {
    summary: 'An argument or the value of an option is not of the form it must have.',
    exit: exitCodes.usage,
  },
  CONTEXT_UNKNOWN: {
    summary: 'There is no context of this name.',
    exit: exitCodes.notFound,
  },
  CONTEXT_EXISTS: {
    summary: 'There is a context of this name already.',
    exit: exitCodes.usage,
  },
  CONTEXTS_UNREADABLE: {
    summary: 'The file with the contexts cannot be read, or is not of the form it must have.',
    exit: exitCodes.failed,
  },
  CONTEXT_TOKEN_MISSING: {
    summary: 'The token of a context of ZeroTier Central was not given, or cannot be read.',
    exit: exitCodes.denied,
  },
  CONFIRMATION_MISSING: {
    summary: 'What cannot be undone is done only where --yes says so.',
    exit: exitCodes.usage,
  },
  NETWORK_FILE_INVALID: {
    summary: 'A file is no network that `overspan network export` wrote.',
    exit: exitCodes.usage,
  },
  PASSPHRASE_UNUSABLE: {
    summary: 'No passphrase could be read, or it is too short, or was not typed the same twice.',
    exit: exitCodes.usage,
  },
  RULES_FILE_UNREADABLE: {
    summary: 'A file with rules cannot be read.',
    exit: exitCodes.notFound,
  },
} as const satisfies ErrorTable;

export const cliError = errorFactory(cliErrors);

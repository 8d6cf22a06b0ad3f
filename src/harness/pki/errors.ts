/** What can go wrong with certificates, invitations and enrolment. */
import { errorFactory, exitCodes, type ErrorTable, type OverspanError } from '../../base/errors.ts';

export const pkiErrors = {
  PKI_FILE_EXISTS: {
    summary: 'A key or certificate is there already and was not overwritten.',
    exit: exitCodes.failed,
  },
  PKI_FILE_MISSING: {
    summary: 'A file with a certificate or key does not exist.',
    exit: exitCodes.notFound,
  },
  PKI_FILE_UNREADABLE: {
    summary: 'A file with a certificate or key cannot be read.',
    exit: exitCodes.denied,
  },
  PKI_FILE_UNWRITABLE: {
    summary: 'A certificate or key could not be written; what was there before is unchanged.',
    exit: exitCodes.failed,
  },
  PKI_NOT_PEM: {
    summary: 'A file does not hold the certificate or key in PEM form that was expected of it.',
    exit: exitCodes.failed,
  },
  PKI_KEY_ENCRYPTED: {
    summary: 'A private key is protected by a passphrase.',
    exit: exitCodes.failed,
  },
  PKI_KEY_MISMATCH: {
    summary: 'A private key does not belong to the certificate beside it.',
    exit: exitCodes.failed,
  },
  PKI_KEY_UNSUPPORTED: {
    summary: 'A key is of a kind or size that is not used here.',
    exit: exitCodes.failed,
  },
  PKI_KEY_READABLE: {
    summary: 'Warning: a private key can be read by others than its owner.',
    exit: exitCodes.done,
  },
  PKI_EXPIRED: {
    summary: 'A certificate is past the end of its validity.',
    exit: exitCodes.failed,
  },
  PKI_EXPIRES_SOON: {
    summary: 'Warning: a certificate expires within 30 days.',
    exit: exitCodes.done,
  },
  PKI_NOT_YET_VALID: {
    summary: 'The validity of a certificate has not begun.',
    exit: exitCodes.failed,
  },
  PKI_WRONG_CA: {
    summary: 'A certificate was not issued by the authority that it is checked against.',
    exit: exitCodes.failed,
  },
  PKI_WRONG_PURPOSE: {
    summary: 'A certificate does not allow what it is used for: server, client or authority.',
    exit: exitCodes.failed,
  },
  PKI_UNUSABLE: {
    summary: 'The TLS library refuses a certificate or key that is otherwise in order.',
    exit: exitCodes.failed,
  },
  PKI_NAME_INVALID: {
    summary: 'A name cannot be put into a certificate.',
    exit: exitCodes.usage,
  },
  PKI_DAYS_INVALID: {
    summary: 'A validity is not a whole number of days from 1 to 36500.',
    exit: exitCodes.usage,
  },
  PKI_REQUEST_INVALID: {
    summary: 'A certificate request is damaged, or not signed with the key that it names.',
    exit: exitCodes.failed,
  },
  INVITATION_MALFORMED: {
    summary: 'A text is not a whole invitation.',
    exit: exitCodes.usage,
  },
  INVITATION_EXPIRED: { summary: 'An invitation is past its time.', exit: exitCodes.denied },
  INVITATION_USED: { summary: 'An invitation has been used already.', exit: exitCodes.denied },
  INVITATION_UNKNOWN: {
    summary: 'The server did not make this invitation, or has been restarted since.',
    exit: exitCodes.denied,
  },
  INVITATION_LIMIT: {
    summary: 'The server holds as many unused invitations as it may.',
    exit: exitCodes.failed,
  },
  ENROLMENT_MALFORMED: {
    summary: 'An enrolment message is not what the protocol says.',
    exit: exitCodes.failed,
  },
  ENROLMENT_REFUSED: {
    summary: 'The server refused to issue a certificate.',
    exit: exitCodes.denied,
  },
} as const satisfies ErrorTable;

/** A code of {@link pkiErrors}. */
export type PkiErrorCode = keyof typeof pkiErrors;

/** Makes an error of this folder. */
export const pkiError = errorFactory(pkiErrors);

/** Something that is wrong, or soon will be, with a file. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: PkiErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly file: string;
}

/** The error that a problem is when nothing can go on. */
export function problemError({ code, message, remedy, file }: Problem): OverspanError {
  return pkiError(code, message, { remedy, details: { file } });
}

/** Certificates and invitations: the public face of this folder. */
export { checkIdentity, checkValidity, type Purpose } from './checks.ts';
export { authorityDays, enrolmentLineBytesMax, fixedServerName, leafDays } from './constants.ts';
export { describeCertificate, validityInWords, type CertificateFacts } from './describe.ts';
export {
  acceptEnrolment,
  encodeEnrolmentReply,
  encodeEnrolmentRequest,
  handleEnrolment,
  parseEnrolmentReply,
  parseEnrolmentRequest,
  type Enrolment,
  type EnrolmentReply,
  type EnrolmentRequest,
} from './enrolment.ts';
export { pkiError, pkiErrors, type PkiErrorCode, type Problem } from './errors.ts';
export { fingerprint, fingerprintBytes } from './fingerprint.ts';
export { loadIdentity, type Identity, type IdentityFiles } from './identity.ts';
export { inspect, type FileFacts } from './inspect.ts';
export { InvitationBook, type Redemption } from './invitation-book.ts';
export { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts';
export { initAuthority, loadAuthority, type Authority } from './authority.ts';
export type { Issued } from './issued.ts';
export { issueClient, issueServer, makeRequest, signRequest } from './leaf.ts';
export { keyTypes, type KeyType } from './keys.ts';
export { clientPaths, pkiDirectory, pkiPaths, writePair, type PairPaths } from './layout.ts';
export { localNames } from './names.ts';
export { Secret } from '../../base/secret.ts';
export { shellWord } from './shell-word.ts';

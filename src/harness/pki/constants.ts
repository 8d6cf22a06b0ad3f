/** The numbers and names of our certificates, invitations and enrolment. */

export const msPerDay = 86_400_000;

/**
 * A DNS name that every server certificate of ours carries. An enrolled client checks this name against its private
 * authority instead of the address it dialled, so that any address, NAT or overlay reaches the server with full
 * verification. The `internal` top-level domain is reserved for private use (ICANN board, 2024-07-29): nobody else can
 * own the name.
 */
export const fixedServerName = 'measurement.overspan.internal';

/** How long an authority lives unless told otherwise. */
export const authorityDays = 3650;
/** How long other certificates live: just above a year, which is also the most that browsers once took. */
export const leafDays = 397;
/** A hundred years: more is a typing error. */
export const daysMax = 36_500;
/** A certificate is valid a little before it is made, for peers whose clock is late. */
export const backdateMs = 5 * 60_000;
/** From when on the coming end of a certificate is a warning. */
export const expiresSoonMs = 30 * msPerDay;

/** `ub-common-name` of RFC 5280, appendix A.1: characters in a common name. */
export const commonNameLengthMax = 64;
/** A PEM file larger than this is none. */
export const pemFileBytesMax = 1 << 20;

/** Bytes of the secret in an invitation: 128 bits cannot be guessed within any expiry. */
export const invitationSecretBytes = 16;
/** An enrolment request or reply, the newline included. */
export const enrolmentLineBytesMax = 8192;

/** Why a server cannot listen, of the reasons that a person can mend. */
import { errorCode } from './errors.ts';

/** In use by another program; not for this user; no address of this machine. */
export type ListenFailure = 'in-use' | 'denied' | 'no-address';

/** @param error - of `listen`. @returns null: another reason */
export function listenFailure(error: unknown): ListenFailure | null {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return 'in-use';
    case 'EACCES':
      return 'denied';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'no-address';
    default:
      return null;
  }
}

/** Whether this machine lets the user that runs the tests make TAP devices at all. */
import { accessSync, constants } from 'node:fs';

/** Why not, for the reason of a skip; null where it does. Usually every user may open the device; the kernel checks more. */
export const tapRefusal: string | null = refusal();

function refusal(): string | null {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return '/dev/net/tun is not there, or this user may not open it';
  }
}

/** Names of network devices: what the kernel takes, less what would have to be escaped somewhere. */
import { escapeText } from '../../base/escape.ts';
import { tapError } from './errors.ts';

/** IFNAMSIZ, less the byte that ends a name. */
const lengthMax = 15;

/** @throws TAP_NAME */
export function checkDeviceName(name: string): void {
  if (new RegExp(`^[A-Za-z0-9_-]{1,${lengthMax}}$`).test(name)) return;
  throw tapError('TAP_NAME', `a network device cannot be called ${escapeText(name, 40)}`, {
    remedy: `choose 1 to ${lengthMax} letters, digits, - and _`,
    details: { name },
  });
}

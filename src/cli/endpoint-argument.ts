/** Addresses of roots as people write them: `192.0.2.1/9993`, `192.0.2.1:9993`, `[2001:db8::1]:9993`, or without a port. */
import type { OverspanError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { ipEndpoint, type IpEndpoint } from '../wire/inet-address.ts';
import { cliError } from './errors.ts';

/** The port of a node that names none. */
export const nodePort = 9993;

/** The endpoints of one root: one, or several with commas between. @throws OPTION_INVALID */
export function endpointsArgument(word: string): IpEndpoint[] {
  return word.split(',').map(endpointArgument);
}

function endpointArgument(word: string): IpEndpoint {
  const match =
    /^\[(?<ip>[^\]]+)\](?::(?<port>\d{1,5}))?$/.exec(word) ??
    /^(?<ip>[^/]+)\/(?<port>\d{1,5})$/.exec(word) ??
    /^(?<ip>[^:]+):(?<port>\d{1,5})$/.exec(word) ??
    /^(?<ip>[^/]+)$/.exec(word);
  const { ip = '', port } = match?.groups ?? {};
  const number = port === undefined ? nodePort : Number(port);
  const endpoint = number > 0 && number <= 0xffff ? ipEndpoint(ip, number) : null;
  if (endpoint === null) throw notAnEndpoint(word);
  return endpoint;
}

function notAnEndpoint(word: string): OverspanError {
  return cliError('OPTION_INVALID', `"${escapeText(word)}" is no address and port of a root`, {
    remedy: 'for example: 192.0.2.1/9993, or 192.0.2.1/9993,2001:db8::1/9993 for a root with two',
  });
}

/** Why a server could not listen, with what to do about it. */
import { formatHostPort } from '../../base/host-port.ts';
import { listenFailure } from '../../base/listen-failure.ts';
import { serverError } from './errors.ts';

/** @param error - of `listen` · @returns an error of ours for what a person can mend, else the same */
export function listenError(error: Error, host: string, port: number): Error {
  const where = formatHostPort(host, port);
  switch (listenFailure(error)) {
    case 'in-use':
      return serverError('PORT_IN_USE', `another program listens on ${where}`, {
        remedy: `choose another port with --port, or see who has it: ss -ltnp 'sport = :${port}'`,
        cause: error,
      });
    case 'denied':
      return serverError('LISTEN_DENIED', `this user may not listen on ${where}`, {
        remedy: 'choose a port of 1024 or above with --port',
        cause: error,
      });
    case 'no-address':
      return serverError('LISTEN_ADDRESS', `${host} is no address of this machine`, {
        remedy: 'see the addresses of this machine: ip address show',
        cause: error,
      });
    case null:
      return error;
  }
}

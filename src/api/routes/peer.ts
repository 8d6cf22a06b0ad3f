/** /peer: the nodes that this one knows. Source: management.md 1.5. */
import { parseAddress } from '../../base/ids.ts';
import { ok, type Route } from './route.ts';

/** GET /peer, GET /peer/ADDRESS. */
export const peerRoute: Route = ({ method, path }, service) => {
  const [noun, word, ...rest] = path;
  if (noun !== 'peer' || rest.length > 0 || method !== 'GET') return null;
  if (word === undefined) return ok(service.peers());
  if (parseAddress(word) === null) return null;
  return ok(service.peers().find(({ address }) => address === word.toLowerCase()) ?? {});
};

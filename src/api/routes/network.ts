/** /network: joining and leaving, and what a network may do to this machine. Source: management.md 1.4. */
import { parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { readPermissionsChange } from '../body/permissions-change.ts';
import type { NodeService } from '../service.ts';
import { digits, ok, type Route } from './route.ts';

/** GET /network; GET, POST, DELETE /network/ID. */
export const networkRoute: Route = async ({ method, path, body }, service) => {
  const [noun, word, ...rest] = path;
  if (noun !== 'network' || rest.length > 0) return null;
  if (word === undefined) return method === 'GET' ? ok(service.networks()) : null;
  const text = digits(word, 16);
  const id = text === null ? null : parseNetworkId(text);
  if (id === null) return null;
  switch (method) {
    case 'GET': {
      const network = service.network(id);
      return network === null ? { status: 404, body: {} } : ok(network);
    }
    case 'POST':
      // A body that is not JSON is as none, as there.
      return ok(await join(service, id, body.kind === 'json' ? body.value : {}));
    case 'DELETE':
      return ok(service.leave(id) ? { result: true } : {});
  }
};

/** `joinToken` is ours alone: the token of an invitation. */
function join(service: NodeService, id: NetworkId, body: unknown): Promise<unknown> {
  const { joinToken } = (typeof body === 'object' && body !== null ? body : {}) as {
    joinToken?: unknown;
  };
  const token = typeof joinToken === 'string' && joinToken.length <= 256 ? joinToken : null;
  return service.join(id, readPermissionsChange(body), token);
}

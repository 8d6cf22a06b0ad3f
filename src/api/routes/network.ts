/** /network: joining and leaving. Source: management.md 1.4. */
import { parseNetworkId } from '../../base/ids.ts';
import { ok, type Route } from './route.ts';

/** GET /network; GET, POST, DELETE /network/ID. */
export const networkRoute: Route = ({ method, path }, service) => {
  const [noun, word, ...rest] = path;
  if (noun !== 'network' || rest.length > 0) return null;
  if (word === undefined) return method === 'GET' ? ok(service.networks()) : null;
  const id = parseNetworkId(word);
  if (id === null) return null;
  switch (method) {
    case 'GET': {
      const network = service.network(id);
      return network === null ? { status: 404, body: {} } : ok(network);
    }
    case 'POST':
      return ok(service.join(id));
    case 'DELETE':
      return ok(service.leave(id) ? { result: true } : {});
  }
};

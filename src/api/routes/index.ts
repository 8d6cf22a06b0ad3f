/** All routes, and the rules that go before them: the token, the loopback address, the shape of a body. */
import type { NodeService } from '../service.ts';
import { networkRoute } from './network.ts';
import { peerRoute } from './peer.ts';
import { notFound, type ApiAnswer, type ApiRequest, type Route } from './route.ts';
import { statusRoute } from './status.ts';

export type { ApiAnswer, ApiRequest };

const routes: readonly Route[] = [statusRoute, networkRoute, peerRoute];

/** Answers a request. @param isAuthenticated - whether it came with the token */
export async function answerRequest(
  request: ApiRequest,
  service: NodeService,
  isAuthenticated: boolean,
): Promise<ApiAnswer> {
  // Also for paths that do not exist: who has no token learns nothing.
  const isOpen = request.path.length === 1 && request.path[0] === 'health';
  if (!isAuthenticated && !isOpen) return { status: 401, body: {} };
  for (const route of routes) {
    const answer = route(request, service);
    if (answer !== null) return answer;
  }
  if (request.path[0] !== 'controller') return notFound;
  // What checks its bodies takes longer to load than the node does: loaded where somebody has a controller to ask.
  const { controllerRoute } = await import('./controller.ts');
  return (await controllerRoute(request, service)) ?? notFound;
}

/** JSON with the keys of its objects in byte order, as the official service writes it. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

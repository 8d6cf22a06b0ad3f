/** All routes, and the rules that go before them: the token, the loopback address, the shape of a body. */
import type { NodeService } from '../service.ts';
import { controllerRoute } from './controller.ts';
import { networkRoute } from './network.ts';
import { peerRoute } from './peer.ts';
import { notFound, type ApiAnswer, type ApiRequest, type Route } from './route.ts';
import { statusRoute } from './status.ts';

export type { ApiAnswer, ApiRequest };

const routes: readonly Route[] = [statusRoute, networkRoute, peerRoute, controllerRoute];

/** Answers a request. @param isAuthenticated - whether it came with the token */
export function answerRequest(
  request: ApiRequest,
  service: NodeService,
  isAuthenticated: boolean,
): ApiAnswer {
  // Also for paths that do not exist: who has no token learns nothing.
  const isOpen = request.path.length === 1 && request.path[0] === 'health';
  if (!isAuthenticated && !isOpen) return { status: 401, body: {} };
  for (const route of routes) {
    const answer = route(request, service);
    if (answer !== null) return answer;
  }
  return notFound;
}

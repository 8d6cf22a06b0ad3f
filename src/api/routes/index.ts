/** All routes, and what goes before them: whoever shows no token learns nothing, not even which paths there are. */
import type { NodeService } from '../service.ts';
import { bondRoute } from './bond.ts';
import { configRoute } from './config.ts';
import { controllerRoute, unstableRoute } from './controller.ts';
import { moonRoute } from './moon.ts';
import { networkRoute } from './network.ts';
import { peerRoute } from './peer.ts';
import { notFound, type ApiAnswer, type ApiBody, type ApiRequest, type Route } from './route.ts';
import { statusRoute } from './status.ts';

export type { ApiAnswer, ApiBody, ApiRequest };

/** What a request may see: everything, figures alone, or whether the node is there. */
export type Access = 'full' | 'metrics' | 'none';

const routes: readonly Route[] = [
  statusRoute,
  networkRoute,
  peerRoute,
  moonRoute,
  configRoute,
  controllerRoute,
  unstableRoute,
  bondRoute,
];

/** Answers a request. */
export async function answerRequest(
  request: ApiRequest,
  service: NodeService,
  access: Access,
): Promise<ApiAnswer> {
  if (!isAllowed(request, access)) return { status: 401, body: {} };
  for (const route of routes) {
    const answer = await route(request, service);
    if (answer !== null) return answer;
  }
  return notFound;
}

function isAllowed({ path }: ApiRequest, access: Access): boolean {
  if (access === 'full') return true;
  const [word, ...rest] = path;
  if (rest.length > 0) return false;
  return word === 'health' || (word === 'metrics' && access === 'metrics');
}

/**
 * JSON with the keys of its objects in byte order, as the official service writes it. Written by hand: an object of
 * JavaScript has keys that look like numbers first, and some addresses of nodes do.
 *
 * @param value - of JSON alone; what is undefined is left out of objects
 */
export function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${sortedJson(inner)}`);
  return `{${members.join(',')}}`;
}

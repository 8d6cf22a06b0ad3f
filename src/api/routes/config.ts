/** /config: the file `local.conf`. Source: management.md 1.3. */
import { BodyObject } from '../body/loose.ts';
import { malformed, ok, type Route } from './route.ts';

/** GET /config; POST /config/settings. */
export const configRoute: Route = async ({ method, path, body }, service) => {
  const [noun, word, ...rest] = path;
  if (noun !== 'config' || rest.length > 0) return null;
  if (word === undefined) return method === 'GET' ? ok(service.config()) : null;
  if (word !== 'settings' || method !== 'POST') return null;
  if (body.kind === 'malformed') return malformed(body.problem);
  const settings = new BodyObject(body.kind === 'json' ? body.value : {}, 'the body');
  await service.setConfig(Object.fromEntries(settings.entries()));
  return ok({});
};

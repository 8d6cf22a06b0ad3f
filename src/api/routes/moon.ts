/** /moon: worlds that a node follows beside its planet. Source: management.md 1.6. */
import { parseAddress } from '../../base/ids.ts';
import { digits, ok, type Route } from './route.ts';

/** GET /moon; GET, POST, DELETE /moon/ID, the number of 10 digits or with zeros before it. */
export const moonRoute: Route = ({ method, path, body }, service) => {
  const [noun, word, ...rest] = path;
  if (noun !== 'moon' || rest.length > 0) return null;
  if (word === undefined) return method === 'GET' ? ok(service.moons()) : null;
  const text = digits(word, 10) ?? digits(word, 16);
  if (text === null) return null;
  const id = BigInt(`0x${text}`);
  switch (method) {
    case 'GET':
      return ok(service.moons().find((moon) => moon.id === text.padStart(16, '0')) ?? {});
    case 'POST': {
      const value = body.kind === 'json' ? body.value : null;
      const named = (value as { readonly seed?: unknown } | null)?.seed;
      const seed = typeof named === 'string' ? parseAddress(named) : null;
      return ok(seed === null ? {} : service.orbit(id, seed));
    }
    case 'DELETE':
      service.deorbit(id);
      return ok({ result: true });
  }
};

/** /status, and /health which needs no token. Source: management.md 1.1, 1.2. */
import { ok, type Route } from './route.ts';

/** GET /status, GET /health. */
export const statusRoute: Route = ({ method, path }, service) => {
  if (method !== 'GET' || path.length !== 1) return null;
  const status = service.status();
  if (path[0] === 'status') return ok(status);
  const { clock, online, version } = status;
  const { versionBuild, versionMajor, versionMinor, versionRev } = status;
  const build = { version, versionBuild, versionMajor, versionMinor, versionRev };
  return path[0] === 'health' ? ok({ clock, online, ...build }) : null;
};

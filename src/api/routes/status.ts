/** /status, /health which needs no token, /metrics which has one of its own. Source: management.md 1.1, 1.2, 1.7. */
import { ok, type Route } from './route.ts';

/** GET /status, GET /health, GET /metrics. */
export const statusRoute: Route = ({ method, path }, service) => {
  if (method !== 'GET' || path.length !== 1) return null;
  switch (path[0]) {
    case 'status':
      return ok(service.status());
    case 'health': {
      const { clock, online, version, ...status } = service.status();
      const { versionBuild, versionMajor, versionMinor, versionRev } = status;
      const build = { version, versionBuild, versionMajor, versionMinor, versionRev };
      return ok({ clock, online, ...build });
    }
    case 'metrics':
      return { status: 200, text: { type: 'text/plain', content: service.metrics() } };
    default:
      return null;
  }
};

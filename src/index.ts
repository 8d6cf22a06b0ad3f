/**
 * Overspan as a library. What is exported here is the public interface; everything else may change.
 *
 * @example
 * import { createServer } from 'overspan';
 * const server = await createServer({ tls: { cert, key, ca }, port: 8443, respond: (request) => request });
 */
export {
  createServer,
  type Answer,
  type MeasurementServer,
  type RequestContext,
  type Responder,
  type ServerEvent,
  type ServerLimits,
  type ServerOptions,
  type ServerSummary,
  type ServerTls,
} from './harness/server/index.ts';
export { OverspanError, errorCode } from './base/errors.ts';

/** The measurement server. */
export { createServer } from './server.ts';
export type {
  MeasurementServer,
  ServerEvent,
  ServerOptions,
  ServerSummary,
  ServerTls,
} from './interface.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export { startServerProcess, ownProgram } from './process.ts';
export { loadResponder } from './responder-file.ts';
export {
  defaultResponder,
  echoResponder,
  type Answer,
  type RequestContext,
  type Responder,
} from './responder.ts';

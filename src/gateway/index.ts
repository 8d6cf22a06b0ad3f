/** The web UI's server: what others import of this folder. */
export { daemonService } from './daemon-service.ts';
export { gatewayError } from './errors.ts';
export { readPageFiles } from './files.ts';
export { serveJoinPage, servePage, type PagePlace, type ServedPage } from './listen.ts';
export type { GatewayRuns } from './runs.ts';
export type { Admission, GatewayService } from './service.ts';

/** What the measurement server is given, and what it tells: its options, events and summary. */
import type { Clock } from '../../base/clock.ts';
import type { CloseReason, ServedRequest } from './connection.ts';
import type { ServerLimits } from './limits.ts';
import type { Responder } from './responder.ts';

/** Certificates in PEM. */
export interface ServerTls {
  /** The server's certificate, followed by the CA's. */
  readonly cert: string;
  readonly key: string;
  /** Whose client certificates are accepted. */
  readonly ca: string;
}

export interface ServerOptions {
  /** Null serves plain TCP, to loopback only: the yardstick that TLS is compared with. */
  readonly tls: ServerTls | null;
  /** Left out: all addresses, of both families where the system has them. */
  readonly host?: string;
  /** 0 for any free port. */
  readonly port?: number;
  readonly respond?: Responder;
  /** One connection at a time; the next waits until the first closes. */
  readonly sequential?: boolean;
  /** Refuse clients without a certificate of the CA. Default true. */
  readonly clientAuth?: boolean;
  /** Leave Nagle's algorithm on, as the original did. */
  readonly nagle?: boolean;
  readonly limits?: Partial<ServerLimits>;
  /** Answers one enrolment line; null: no invitations here. */
  readonly enrol?: ((line: string) => Promise<string>) | null;
  readonly onEvent?: (event: ServerEvent) => void;
  readonly clock?: Clock;
}

/** What happens on the server. Strings that a peer chose are not escaped yet. */
export type ServerEvent =
  | { readonly kind: 'accepted'; readonly connection: number; readonly remote: string }
  | {
      readonly kind: 'ready';
      readonly connection: number;
      readonly remote: string;
      readonly protocol: 'overspan' | 'plain';
      readonly clientName: string | null;
      readonly resumed: boolean;
    }
  | ({
      readonly kind: 'served';
      readonly connection: number;
      readonly protocol: 'overspan' | 'plain';
    } & ServedRequest)
  | {
      readonly kind: 'closed';
      readonly connection: number;
      readonly remote: string;
      readonly reason: CloseReason;
      readonly requests: number;
    }
  | {
      readonly kind: 'refused';
      readonly remote: string;
      readonly code: 'connections' | 'client-certificate' | 'handshake';
      readonly detail: string;
    }
  | { readonly kind: 'enrolled'; readonly remote: string; readonly granted: boolean }
  | { readonly kind: 'responder-failed'; readonly connection: number; readonly detail: string };

/** What was served from the start to now. */
export interface ServerSummary {
  readonly connections: number;
  readonly requests: number;
  readonly refused: number;
}

/** A server that listens. */
export interface MeasurementServer {
  readonly host: string;
  readonly port: number;
  /** 32 hex digits, drawn at the start. */
  readonly instanceId: string;
  summary(): ServerSummary;
  /** Stops listening, lets answers under way leave, closes the connections. Idempotent. */
  close(): Promise<ServerSummary>;
}

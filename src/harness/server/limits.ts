/** What one server lets its clients do. Every limit has a default that a measurement never meets. */
export interface ServerLimits {
  /** Connections at the same time; one more is closed at once. */
  readonly connectionsMax: number;
  /** Payload of one request of our own protocol. (Of other clients at most 1,024 bytes are read at a time.) */
  readonly requestBytesMax: number;
  /** Payload of one reply that our own client may ask for. */
  readonly replyBytesMax: number;
  /** Requests a second of one connection, with bursts of a tenth of it. */
  readonly requestsPerSecondMax: number;
  readonly handshakeTimeoutMs: number;
  /** A connection on which nothing arrives for so long is closed. */
  readonly idleTimeoutMs: number;
}

export const defaultLimits: ServerLimits = {
  connectionsMax: 256,
  requestBytesMax: 64 * 1024,
  replyBytesMax: 1024 * 1024,
  requestsPerSecondMax: 100_000,
  handshakeTimeoutMs: 10_000,
  idleTimeoutMs: 300_000,
};

/** How much is read at a time from a client that is not ours: the original's `recv(1024)`. */
export const plainReadBytes = 1024;

/** How long a connection may linger after we have ended it. */
export const lingerMs = 1000;

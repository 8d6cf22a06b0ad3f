/** A line of the audit log, and which lines somebody wants. */

/** Who commands: the holder of the daemon's own token, or of an API token. */
export interface Actor {
  readonly kind: 'local' | 'token';
  /** Of the token; empty for `local`. */
  readonly id: string;
  readonly name: string;
}

/** A line of the log. */
export interface AuditEntry {
  /** 20 digits, in the order of writing. */
  readonly id: string;
  /** Since the Unix epoch, ms. */
  readonly atMs: number;
  readonly actor: Actor;
  /** `member.authorize`, `network.create`, … */
  readonly action: string;
  /** 16 digits; null: it concerns none. */
  readonly network: string | null;
  /** What within it: addresses of members, an id; null: the network itself. */
  readonly subject: string | null;
  /** What was asked for: plain JSON without secrets. */
  readonly change: unknown;
}

/** Which lines are wanted: the newest first. */
export interface AuditQuery {
  /** Lines older than the one of this id. */
  readonly before?: string | undefined;
  readonly network?: string | undefined;
  /** 10 digits: lines that name this node, as their subject or in a list of what was asked for. */
  readonly subject?: string | undefined;
  /** 1 to 1,000. */
  readonly limit: number;
}

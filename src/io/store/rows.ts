/** What the database holds and what is changed in it, as rows: texts and numbers, which pass between threads. */

/** A network: its id, 16 digits, and its record as JSON. */
export interface NetworkRow {
  readonly network_id: string;
  readonly data: string;
}

/** A member of a network: its address, 10 digits, and its record as JSON. */
export interface MemberRow {
  readonly network_id: string;
  readonly address: string;
  readonly data: string;
}

/** An invitation to a network: its id, 8 digits, and its record as JSON. */
export interface InviteRow {
  readonly network_id: string;
  readonly invite_id: string;
  readonly data: string;
}

/** An API token: its id, 8 digits, and its record as JSON. */
export interface TokenRow {
  readonly token_id: string;
  readonly data: string;
}

/** A line of the audit log: its id, 20 digits, the network that it concerns, and the line as JSON. */
export interface AuditRow {
  readonly entry_id: string;
  readonly network_id: string | null;
  readonly data: string;
}

/** Everything that is loaded at the start. */
export interface StoredRows {
  readonly networks: readonly NetworkRow[];
  readonly members: readonly MemberRow[];
  readonly invites: readonly InviteRow[];
  readonly tokens: readonly TokenRow[];
}

/** A database as it is found, by who takes nothing over. */
export interface FoundRows {
  /** Address of the controller, 10 digits. */
  readonly owner: string;
  readonly rows: StoredRows;
}

/** What is written together, in this order; a network that goes takes what is its own along. */
export interface RowChanges {
  readonly deletedNetworks: readonly string[];
  readonly networks: readonly NetworkRow[];
  readonly deletedMembers: readonly Omit<MemberRow, 'data'>[];
  readonly members: readonly MemberRow[];
  readonly deletedInvites: readonly Omit<InviteRow, 'data'>[];
  readonly invites: readonly InviteRow[];
  readonly deletedTokens: readonly string[];
  readonly tokens: readonly TokenRow[];
  readonly audit: readonly AuditRow[];
}

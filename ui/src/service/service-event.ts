/** What a service tells by itself; which kinds there are, `docs/api.md` says. */

/** An event. */
export interface ServiceEvent {
  readonly kind: string;
  /** ms since the Unix epoch. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One line of what the doctor says. */
export interface Finding {
  /** Kebab-case, stable: scripts may look for it. */
  readonly id: string;
  /** `missing`: something that cannot be done without. `warning`: it works, but worse, or not all of it. */
  readonly status: 'ok' | 'warning' | 'missing';
  readonly message: string;
  /** A command to type, or null when there is nothing to mend. */
  readonly remedy: string | null;
}

/** A finding that asks for nothing. */
export function ok(id: string, message: string): Finding {
  return { id, status: 'ok', message, remedy: null };
}

/** A finding that can be lived with. */
export function warning(id: string, message: string, remedy: string | null): Finding {
  return { id, status: 'warning', message, remedy };
}

/** A finding that has to be mended. */
export function missing(id: string, message: string, remedy: string): Finding {
  return { id, status: 'missing', message, remedy };
}

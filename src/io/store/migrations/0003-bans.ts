/**
 * Bans: since here the record of a member may say that it is banned, and one without a word of it is not. The tables stay as they
 * are; what is new is that an older program, which would let the banned in, does not open the database.
 */

/** Changes nothing. */
export async function up(): Promise<void> {
  await Promise.resolve();
}

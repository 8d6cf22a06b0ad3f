/** Texts of the members of a network. */
export const members = {
  title: 'Members',
} as const;

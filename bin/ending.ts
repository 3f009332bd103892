/** What a command ends with: fine, problems found, wrong use. */
export const EXIT = { fine: 0, problems: 1, wrongUse: 2 } as const;

/** Words the user wrote that mean nothing here. */
export class WrongUse extends Error {}

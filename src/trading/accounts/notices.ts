/** Accounts have no notices yet. */
export type AccountNotice = never

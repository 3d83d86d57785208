/** Nothing is told of accounts yet. */
export type AccountNotice = never

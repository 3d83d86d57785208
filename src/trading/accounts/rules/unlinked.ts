/** The reason of ends by `unlink`, as rows keep it. */
export const unlinkedBecause = 'the account was unlinked'

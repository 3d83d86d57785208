/** A position whose protection at its venue may have to change. */
export interface Followed {
  id: number
  accountId: number
}

/** Looks after the protection that rests at venues, in this process. */
export interface Protector {
  /** Lets the protection follow these positions soon, after their transactions. Returns at once; the sweep does what is lost. */
  follow(positions: Followed[]): void
  /** Resolves when nothing is being placed or taken back. */
  rest(): Promise<void>
}

/** The person's side of a terminal. */
export interface Screen {
  /** What is typed, line by line, until the person ends it or the screen is closed. Read once. */
  lines: AsyncIterable<string>
  /** Puts a reply on the screen, an empty line after it; resolves once it is out. */
  show(text: string): Promise<void>
  /** Ends `lines`; what was begun can still be shown. */
  close(): void
}

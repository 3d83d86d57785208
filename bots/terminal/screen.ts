/** The person's side of a terminal. */
export interface Screen {
  /** The typed lines, until the person leaves or the screen is closed. Read once. */
  lines: AsyncIterable<string>
  /** Shows a reply and an empty line after it; resolves once both are out. */
  show(text: string): Promise<void>
  /** Ends `lines`; replies can still be shown. */
  close(): void
}

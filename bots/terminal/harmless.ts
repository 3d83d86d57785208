/**
 * Everything that moves a cursor, changes a colour, rings, writes to the clipboard or turns the direction of writing:
 * C0 but for the line feed and the tab, DEL, C1, the line and paragraph separators, and the bidirectional controls.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const steers = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** The text with nothing in it that a terminal would obey. What was steering is shown as `�`, so that it is noticed. */
export function harmless(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(steers, '\ufffd')
}

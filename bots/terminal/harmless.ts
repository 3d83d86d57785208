/**
 * Characters that move the cursor, change a colour, ring the bell, write to the clipboard or change the direction of
 * writing: C0 except the line feed and the tab, DEL, C1, the line and paragraph separators, and the bidirectional
 * controls.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const steers = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Replaces every control character with `�`, so that a terminal obeys none and the reader sees that one was there. */
export function harmless(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(steers, '\ufffd')
}

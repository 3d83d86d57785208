/** Characters without a look of their own: joiners, direction marks, variation selectors, fillers, the frame of `1️⃣`. */
const invisible = /[\p{Cf}\p{Me}\p{Default_Ignorable_Code_Point}]/gu
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu
/** Emoji as the platforms write them: `:rocket:`, `:thumbsup::skin-tone-3:`, `<:moon:123>`. */
const customEmoji = /<a?:\w{1,40}:\d{1,25}>/g
const emojiNames = /(?<![\p{L}\p{N}])(?::[a-z0-9_+'-]{1,60}:)+(?![\p{L}\p{N}])/giu
/** Emoji that forbid, undo or doubt what stands beside them, and their names: they are never left out. */
export const forbidding: ReadonlySet<string> = new Set(['❌', '❎', '✖', '🚫', '⛔', '🙅', '👎', '🛑', '✋'])
const forbiddingNames = new Set(
  `x cross_mark negative_squared_cross_mark heavy_multiplication_x no_entry no_entry_sign prohibited no_good -1 thumbsdown thumbs_down
  octagonal_sign stop_sign raised_hand hand`.split(/\s+/),
)
const digitNames = 'zero one two three four five six seven eight nine'.split(' ')
/** Raised and lowered digits would fold into the number before them: `5²` is not 52. */
const raised = /[⁰¹²³⁴-⁹₀-₉]/g
/** Spaces that group digits: figure, punctuation, thin, hair and narrow no-break space. */
const grouped = /(?<![\p{L}\p{N}.,])\d{1,3}(?:[\u2007-\u200a\u202f]\d{3})+(?![\p{L}\p{N}])/gu

/**
 * Writes a text in plain characters: compatibility forms, typographic quotes, dashes and spaces become plain ones; invisible
 * characters and emoji go, emoji of digits and of question marks become plain, and emoji that forbid stay as words. A sign that
 * belongs to a number joins it: `5 %` is `5%`. Capitals and lines stay. The time is linear.
 */
export function folded(text: string): string {
  return (
    text
      .replace(invisible, '') // first, because these characters prevent the folding
      .replace(customEmoji, ' ')
      .replace(emojiNames, namedDigits)
      .replaceAll('🔟', '10')
      .replace(/[❓❔⁉]/g, '?')
      .replace(emoji, (sign) => (forbidding.has(sign) ? ` ${sign} ` : ' '))
      .replace(raised, '^$&')
      .replace(grouped, (number) => number.replace(/[^\d]/g, ''))
      .normalize('NFKC')
      .replace(invisible, '')
      .replace(/[\u2028\u2029]/g, '\n')
      .replace(/[‘’‚‛′´`]/g, "'")
      .replace(/[“”„‟″«»]/g, '"')
      .replace(/[‐‑‒−﹣]/g, '-')
      // A dash directly before a number is a minus, any other dash separates.
      .replace(/(?<=^|\s)[–—](?=[$.\d])/g, '-')
      .replace(/[–—―]/g, ' - ')
      .replaceAll('⁄', '/')
      .replaceAll('٪', '%')
      .replace(/(?<=\d)[^\S\n]+(?=[%¢](?![\p{L}\p{N}]))/gu, '')
      .replace(/(?<![\p{L}\p{N}$])\$[^\S\n]+(?=\.?\d)/gu, '$')
      .replace(/(?<![\p{L}\p{N}$.,+-])(\d[\d.,]{0,20}[km]?)[^\S\n]*\$(?=[.,!?]*(?:\s|$))/giu, '$$$1')
  )
}

/** The digits and forbidding signs in a row of emoji names, or spaces: `:one::zero:` is 10. */
function namedDigits(names: string): string {
  return names.replace(/:([^:]*):/g, (_, name: string) => {
    const digit = digitNames.indexOf(name.toLowerCase())
    if (digit >= 0) return String(digit)
    if (forbiddingNames.has(name.toLowerCase())) return ' ❌ '
    if (/^(grey_)?question$|^interrobang$/i.test(name)) return '?'
    return name.toLowerCase() === 'keycap_ten' ? '10' : ' '
  })
}

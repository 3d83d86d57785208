/** A price, and one that can be no size: with cents or a dollar sign. Behind either the request ends, so that it is no sum and no size. */
const amount = String.raw`\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)`
const ends = String.raw`(?:(?: each| a share| per share)?(?:[\s.!?]*$|[,;] | (?:please|pls|plz|eh|now|today|though|tho|ok)\b))`
const price = `(?=${amount}${ends})`
const surePrice = String.raw`(?=(?:\$[\d,]*\.?\d+|\d*\.\d+)${ends})`
const buying = String.raw`(?<=\b(?:buy|bid|purchase|add|grab|get(?! (?:me )?(?:out|rid))|pick up|cover)\b.*\d.*)`
const selling = String.raw`(?<=\b(?:sell|close|exit|trim|dump|unload|offload|flatten|lighten|out of)\b \S+.*)`
const most = '(?:max(?:imum)?|at (?:the )?(?:very )?most|at (?:the )?max(?:imum)?|as maximum)'
const least = '(?:min(?:imum)?|at (?:the )?(?:very )?least|as minimum)'
const over = '(?:over|above|more than|higher than|beyond)'
const under = '(?:under|below|less than|lower than|cheaper than)'
const begin = String.raw`,? \b(?:but |and )?(?:i )?(?:can |will |only )?`

/**
 * Limits in words, on the side where they are one: the most that a purchase pays, and the least that a sale takes. `buy amd, nothing
 * under 80` and `buy at most 100 amd` are no limits.
 */
export const limitTurns: [RegExp, string][] = [
  // `add 100 rivn but pay maximum 12.30`, `buy 40 amd, nothing over 220`
  [new RegExp(`${buying}${begin}pay(?:ing)? ${most} ${price}`, 'gi'), ' limit '],
  [new RegExp(`${buying}${begin}(?:for )?(?:pay(?:ing)? )?(?:nothing|no|not|never) ${over} ${price}`, 'gi'), ' limit '],
  [new RegExp(`${buying}${begin}(?:for |at )?${most} (?:of )?${surePrice}`, 'gi'), ' limit '],
  [
    new RegExp(
      `${buying}(?:,? but)? (?:(?:pay(?:ing)?|at|for|@|limit) )?(\\$\\d[\\d.,]*|\\d*\\.\\d+),? (?:${most}|tops)(?=[\\s.!]*$|,)`,
      'gi',
    ),
    ' limit $1',
  ],
  // `sell all my baba, but nothing under 88.40`, `sell 100 amd, at least 140.5`
  [
    new RegExp(
      `${selling}${begin}(?:for )?(?:(?:take|accept|taking) )?(?:nothing|no|not|never) ${under} ${price}`,
      'gi',
    ),
    ' limit ',
  ],
  [
    new RegExp(`${selling}${begin}(?:(?:want|take|accept|need|get) )?(?:for |at )?${least} (?:of )?${surePrice}`, 'gi'),
    ' limit ',
  ],
]

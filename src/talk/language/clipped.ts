/** Words as people clip them on a phone or write them by ear, with their full form. */
const full: Record<string, string> = {
  outta: 'out of',
  b4: 'before',
  wanna: 'want to',
  'w/': 'with',
  lemme: 'let me',
  u: 'you',
  ur: 'your',
  r: 'are',
  y: 'why',
  c: 'see',
  n: 'and',
  da: 'the',
  teh: 'the',
  dat: 'that',
  dis: 'this',
  wat: 'what',
  wut: 'what',
  wot: 'what',
  wats: "what's",
  wots: "what's",
  howz: "how's",
  doin: 'doing',
  goin: 'going',
  tradin: 'trading',
  lookin: 'looking',
  sellin: 'selling',
  buyin: 'buying',
  closin: 'closing',
  shud: 'should',
  cud: 'could',
  wud: 'would',
  thru: 'through',
  hlf: 'half',
  qtr: 'quarter',
  nw: 'now',
  whts: "what's",
  evrything: 'everything',
  abt: 'about',
  lmk: 'let me know',
  mv: 'move',
  em: 'them',
  frm: 'from',
  ystrday: 'yesterday',
  brkt: 'bracket',
  trl: 'trail',
  trlng: 'trailing',
  stps: 'stops',
  lims: 'limits',
  cmds: 'commands',
  wrkg: 'working',
  sched: 'schedule',
  prc: 'price',
  pstn: 'position',
  yday: 'yesterday',
  msgs: 'messages',
  mornin: 'morning',
  alrts: 'alerts',
  stuf: 'stuff',
  alrdy: 'already',
  bght: 'bought',
  ords: 'orders',
  watchlst: 'watchlist',
  wl: 'watchlist',
  trm: 'trim',
  sel: 'sell',
  aft: 'afternoon',
  arvo: 'afternoon',
  wk: 'week',
  wks: 'weeks',
  yr: 'year',
  slw: 'slow',
  smrt: 'smart',
  fst: 'fast',
  lst: 'last',
  chg: 'change',
  brckt: 'bracket',
  wkly: 'weekly',
  dly: 'daily',
  abv: 'above',
  blw: 'below',
  fillin: 'filling',
  quater: 'quarter',
  haf: 'half',
}

export const clipped: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(full).map(([word, said]) => [word, said.split(' ')] as const),
)

const verbs = 'close|sell|buy|exit|get|see|know|be|set|trim|add|cancel|move|stop|put|scale|go|check'
const asTo = new RegExp(`\\b(pls|plz|please|want|need|like|going|ready|time|try|how) 2 (?=(${verbs})\\b)`, 'gi')

/** A figure between a word of motion and the place that it leads to: `going 2 cash`, `stop up 2 entry`. */
const toPlace =
  /\b(going|go|move|moving|back|up|down|out|all|switch|send|sent|alerts|pings) 2 (?=(?:cash|flat|entry|cost|breakeven|dms?|my)\b)/gi

/** `trim a 3rd of pltr` */
const ordinal = /(\ba )(3rd|4th|5th|10th)(?= (?:of|off)\b)/gi
const ordinals: Record<string, string> = { '3rd': 'third', '4th': 'quarter', '5th': 'fifth', '10th': 'tenth' }

/** Writes figures that stand for a word in full: `need 2 close`, `watch it 4 me`. */
export function withoutFigures(text: string): string {
  return withoutArrows(text)
    .replace(asTo, '$1 to ')
    .replace(toPlace, '$1 to ')
    .replace(/\b2day\b/gi, 'today')
    .replace(/\b2mor?row?\b/gi, 'tomorrow')
    .replace(/\bl8r\b/gi, 'later')
    .replace(/\bths\b/g, 'this')
    .replace(/\b(this|that|ths) 1(?=[,;!]|\.?$| (?:now|please|pls|plz|yet|today|asap)\b)/gi, '$1 one')
    .replace(/\b(at|on|by|before|into|near)( the)? cls\b/g, '$1$2 close')
    .replace(ordinal, (_, before: string, number: string) => before + ordinals[number]!)
    .replace(/\b(the (moment|minute|instant)|next time) (?=\S+ )/gi, 'when ')
    .replace(/\b(right|just|shortly) (?=before\b)/gi, '')
    .replace(
      /\bif (you|u|we|i) can( get( it| them| em| filled)?)?(?= (at |for |@ ?)?[$.]?\d)(?! \d[\d,]*k? [a-z$]+ (?:[a-z]+ )?(?:at|for|@|limit) ?[$.]?\d)/gi,
      'at',
    )
    .replace(/,? \bif (you|u) (would|could|will|like|please|don'?t mind|wouldn'?t mind)(?=[,.!]|$)/gi, '')
    .replace(/\bat (at|for|@)(?= ?[$.]?\d)/gi, 'at')
    .replace(/,? \bif (you|u|we|i) can( get( it| them| em| filled)?)?[.!]*$/gi, '')
    .replace(/\b(order|ord|task) (no|nr|num|number)\b[.:]? ?(?=#?\d)/gi, '$1 ')
    .replace(/\b4 (?=(me|us|now|the|my)\b)/gi, 'for ')
}

const arrow = /^([^\n]{2,80}?)\s*(?:→|[-=]{1,2}>)\s*([^\n]+)$/

/** Reads an arrow: `2 → 1.08` is `2 to 1.08`, and `sofi drops to 8 → buy 500` is `if sofi drops to 8 buy 500`. */
function withoutArrows(text: string): string {
  const [, begin, end] = arrow.exec(text) ?? []
  if (begin === undefined || end === undefined) return text
  if (/^[$#.\d]/.test(end)) return `${begin} to ${end}`
  return /\d$/.test(begin) ? `if ${begin} ${end}` : text
}

/** Common words with letters left out, as people type them in a hurry, and their full form. None is the symbol of a stock. */
const short: Record<string, string> = {
  everythng: 'everything',
  evrythng: 'everything',
  everthing: 'everything',
  evrthing: 'everything',
  smthing: 'something',
  ovrnite: 'overnight',
  ovrnight: 'overnight',
  overnite: 'overnight',
  'o/n': 'overnight',
  tonite: 'tonight',
  jst: 'just',
  wht: 'what',
  whn: 'when',
  whch: 'which',
  btwn: 'between',
  bfr: 'before',
  cncl: 'cancel',
  cncel: 'cancel',
  remve: 'remove',
  mrket: 'market',
  ordr: 'order',
  ordrs: 'orders',
  limt: 'limit',
  trgt: 'target',
  prft: 'profit',
  pstns: 'positions',
  stck: 'stock',
  shrs: 'shares',
  lvl: 'levels',
  lvls: 'levels',
  rdc: 'reduce',
  rdce: 'reduce',
  xit: 'exit',
  chng: 'change',
  mve: 'move',
  lwr: 'lower',
  brkt: 'bracket',
  brckt: 'bracket',
  trlng: 'trailing',
  wtch: 'watch',
  wtchlist: 'watchlist',
  alrt: 'alert',
  fltn: 'flatten',
  flttn: 'flatten',
  prc: 'price',
  thrd: 'third',
  qrtr: 'quarter',
  hlf: 'half',
  opn: 'open',
  yest: 'yesterday',
  accnt: 'account',
  accnts: 'accounts',
  acnts: 'accounts',
  hldings: 'holdings',
  blnce: 'balance',
  shrt: 'short',
  brk: 'break',
}

/** Verbs whose `g` people leave out: `not gettin filled`. */
const clippedVerbs =
  /\b(gett|hold|runn|work|putt|wait|lett|tak|com|mak|mov|scal|trimm|add|drop|pay|cover|short|think|watch|keep|happen|finish|sitt|cutt|exit|dump|bugg|ping|nagg|spamm|buzz|bother|messag|text|bleed|feed|drip)in\b(?!')/g

/** Words that may be symbols elsewhere: `spy ovr 572`, `finished in bg`. */
const inPlace: [RegExp, string][] = [
  [/\bovr (?=\$?\.?\d)/g, 'over '],
  [/\bwen (?=(?:market|mkt|does|do|is|the|we)\b)/g, 'when '],
  [/\bundr (?=\$?\.?\d)/g, 'under '],
  [/\b(in|in the) bg(?=[\s.!?,]*$)/g, '$1 background'],
  [/\bbg (?=(?:tasks?|jobs?|stuff|things)\b)/g, 'background '],
]

const shortWord = new RegExp(
  `(?<![\\w$@#/'])(?:${Object.keys(short)
    .sort((one, other) => other.length - one.length)
    .join('|')})(?![\\w'/])`,
  'g',
)

/** Writes common words in full whose letters a person left out. Words in capitals may be symbols and stay. */
export const spelledOut = (text: string): string =>
  inPlace.reduce(
    (said, [words, plain]) => said.replace(words, plain),
    text.replace(shortWord, (word) => short[word]!).replace(clippedVerbs, '$1ing'),
  )

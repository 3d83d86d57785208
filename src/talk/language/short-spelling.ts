/** Common words with letters left out, as people type them in a hurry, and their full form. */
const short: Record<string, string> = {
  everythng: 'everything',
  evrythng: 'everything',
  everthing: 'everything',
  evrthing: 'everything',
  nthing: 'nothing',
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
  hw: 'how',
  ovr: 'over',
  undr: 'under',
  btwn: 'between',
  bfr: 'before',
  aftr: 'after',
  frst: 'first',
  thn: 'then',
  ths: 'this',
  tht: 'that',
  wth: 'with',
  snd: 'send',
  shw: 'show',
  gve: 'give',
  tke: 'take',
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
  bg: 'background',
}

/** Verbs whose `g` people leave out: `not gettin filled`. */
const clippedVerbs =
  /\b(gett|hold|runn|work|putt|wait|lett|tak|com|mak|mov|scal|trimm|add|drop|bleed|pay|cover|short|think|watch|keep|happen|goin|finish|sitt|cutt|exit|dump)in\b(?!')/g

const shortWord = new RegExp(
  `(?<![\\w$@#/'])(?:${Object.keys(short)
    .sort((one, other) => other.length - one.length)
    .join('|')})(?![\\w'/])`,
  'g',
)

/** Writes common words in full whose letters a person left out. Words in capitals may be symbols and stay. */
export const spelledOut = (text: string): string =>
  text.replace(shortWord, (word) => short[word]!).replace(clippedVerbs, '$1ing')

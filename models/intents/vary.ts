import type { Chance } from './random.ts'

const openings =
  'hey,hi,ok,okay,yo,so,alright,pls,please,desk,bot,hey desk,@deskhand,<@U12345>,well,right,guys,ok so,actually,hmm ok,quick one:,um,and,now,just,yeah,sorry,morning,cool,great'.split(
    ',',
  )
const closings =
  'please,pls,plz,thanks,thx,ty,now,asap,for me,mate,man,bro,thank you,right now,quickly,rn,ok?,will you,would you,dude,👍,🙏,!,!!,.,...,today,when you can,if possible,kindly,cheers,buddy'.split(
    ',',
  )
const questionClosings = 'please,pls,thanks,thx,?,??,rn,right now,man,bro,mate,today,👀,🤔,for me,now,guys?,.'.split(
  ',',
)
const chatterOpenings =
  'lol,haha,man,bro,dude,yeah,nah,ok,well,so,ngl,tbh,honestly,idk,omg,damn,hey,guys,imo,fwiw,yo,and,but,@mike,<@U777>,wow,ugh,also,btw,actually,oh,see,ya'.split(
    ',',
  )
const chatterClosings =
  'lol,haha,lmao,😂,🤣,🚀,😭,tbh,ngl,imo,man,bro,smh,..,...,!,!!,?,.,guys,dude,again,today,right?,rip,fr,no cap,💀,🙈,😅,yesterday,xd,this week,hehe'.split(
    ',',
  )

const slang: [RegExp, string][] = [
  [/\byou\b/, 'u'],
  [/\bare you\b/, 'r u'],
  [/\bplease\b/, 'pls'],
  [/\bplease\b/, 'plz'],
  [/\bwant to\b/, 'wanna'],
  [/\bgoing to\b/, 'gonna'],
  [/\bposition\b/, 'pos'],
  [/\bpositions\b/, 'pos'],
  [/\blet me\b/, 'lemme'],
  [/\bgive me\b/, 'gimme'],
  [/\bwhat is\b/, 'whats'],
  [/\bright now\b/, 'rn'],
  [/\bshares\b/, 'shs'],
  [/\bfor\b/, '4'],
  [/\btoday\b/, '2day'],
  [/\babout\b/, 'abt'],
  [/\band\b/, '&'],
  [/\band\b/, 'n'],
  [/\bwith\b/, 'w/'],
  [/\bout of\b/, 'outta'],
  [/\bgradually\b/, 'bit by bit'],
  [/\bshould\b/, 'shud'],
  [/\btarget\b/, 'tgt'],
  [/\bmarket\b/, 'mkt'],
  [/\baverage\b/, 'avg'],
  [/\bquantity\b/, 'qty'],
  [/\bthe\b /, ''],
  [/\bmy\b /, ''],
  [/\ba\b /, ''],
]

/** A sentence as somebody else would type it: openings, thanks, slang, slips of the finger, case, missing apostrophes. */
export function varied(sentence: string, label: string, chance: Chance): string {
  let text = sentence
  if (chance.is(0.2)) {
    const [from, to] = chance.pick(slang)
    text = text.replace(from, to)
  }
  if (label === 'none') {
    if (chance.is(0.16)) text = `${chance.pick(chatterOpenings)}${chance.is(0.25) ? ',' : ''} ${text}`
    if (chance.is(0.22)) text = `${text} ${chance.pick(chatterClosings)}`
  } else {
    if (chance.is(0.16)) text = `${chance.pick(openings)}${chance.is(0.25) ? ',' : ''} ${text}`
    if (chance.is(0.18)) text = `${text} ${chance.pick(isQuestion(text) ? questionClosings : closings)}`
    else if (isQuestion(text) && chance.is(0.5)) text = `${text}?`
  }
  text = text.replace(/ (?=[!?.]+$)/, '')
  if (chance.is(0.45)) text = text.replaceAll("'", '')
  if (chance.is(0.1)) text = misspelt(text, chance)
  if (chance.is(0.12)) text = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  if (chance.is(0.02)) text = text.toUpperCase()
  if (chance.is(0.04)) text = text.replace(/,/g, '')
  return text.replace(/\s+/g, ' ').trim()
}

function isQuestion(text: string): boolean {
  return /^(what|whats|where|wheres|how|hows|is|are|am|do|does|did|should|would|could|can|why|which|who|when|any)\b/.test(
    text,
  )
}

/** One word of plain letters with a slip: two letters swapped, one gone, one doubled, or one from the next key. */
function misspelt(text: string, chance: Chance): string {
  const words = text.split(' ')
  const long = words.flatMap((word, index) => (/^[a-z]{4,}$/.test(word) ? [index] : []))
  if (long.length === 0) return text
  const index = chance.pick(long)
  const word = words[index]!
  const at = chance.below(word.length - 1)
  const kind = chance.below(4)
  if (kind === 0) words[index] = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
  else if (kind === 1) words[index] = word.slice(0, at + 1) + word.slice(at + 2)
  else if (kind === 2) words[index] = word.slice(0, at) + word[at] + word.slice(at)
  else words[index] = word.slice(0, at) + beside(word[at]!, chance) + word.slice(at + 1)
  return words.join(' ')
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function beside(letter: string, chance: Chance): string {
  const row = rows.find((keys) => keys.includes(letter)) ?? rows[0]!
  const at = row.indexOf(letter)
  return row[Math.max(0, Math.min(row.length - 1, at + (chance.is(0.5) ? 1 : -1)))]!
}

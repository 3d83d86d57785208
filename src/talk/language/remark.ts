import { turnsAround } from './clauses.ts'
import { numberWords } from './spelled.ts'
import { tokenise } from './tokens.ts'

/** Marks before a remark, and words that begin one without a mark. */
const borders =
  /[,;.!]+ +| +- +| +(?=(?:because|cause|cuz|bc|before (?:i|we)|(?:and )?let'?s hope|(?:it'?s|they'?re|i'?m|i'?ve|ive)) )/gi

const openings =
  /^(?:and |so |cause |because |since |as |before |well )?(?:i|i'm|im|i've|ive|i'd|i'll|we|we're|we've|it|it's|its|they|they're|theyre|there|this|that's|thats|is|my|too|enough|had|need|going|done|don't|dont|let's|no need|nothing|what a|sick of|tired of|(?:the|this|that) \w+(?: \w+)? (?:keeps?|is driving|drives|wakes|annoys|bothers))\b/

/** Words that may turn a request around, add to it, or make it talk. */
const turning = new Set(
  `if unless when until till after later then but only except instead wait stop stops cancel buy buying sell selling close closing
  trim add move set put short long exit half third quarter all hold holding keep kidding joke joking jk lol lmao haha said say says
  told thought think thinks guess wish wished maybe might should could would tomorrow yesterday not never no nah won't wont can't cant
  didn't didnt isn't isnt wouldn't wouldnt he she his her someone everybody everyone people dad wife boss right? ? sold bought closed
  did was were order orders limit market price target level mute unmute watch unwatch`.split(/\s+/),
)
/** Words of refusal that are about the thing, and not about the request: `i don't want it any more`. */
const unwanted =
  /\b(?:i |we )?(?:don't|dont|do not|no longer|not) (?:want|need|like|trust) (?:to (?:hold|keep|have|own|see|hear) )?(?:it|this|that|them|more|this one|the risk)(?: (?:here|now))?(?: (?:any ?more|any longer))?\b|\blet'?s hope (?:we|i) (?:never|don't|dont) need it\b|\bno (?:more )?(?:need|reason|rush|hurry|pain|stress)\b/
/** The part that stays: `the rest i keep`, `the other half stays`, `leave me the rest as a runner`. */
const stays =
  /^(?:and |but )?(?:(?:i|we|i'll|we'll|let|leave|keep|hold)(?: (?:will|me))? )?(?:(?:keep|hold|let|leave|ride) )?(?:the )?(?:rest|remainder|remaining|others?|other half|other part)(?: (?:of it|i|we|will|can|should|it))*(?: (?:keep|hold|stays?|leave|ride|run|open|it))*(?: (?:as|for) (?:a |my |the )?(?:runner|fun|later|lottery ticket|long term|long run|swing))?$/
const holds =
  /^(?:i'd rather|i would rather|i'd prefer to|i prefer to|i|i'll|i want to|we) (?:will )?(?:keep|hold)(?: (?:it|them|on))?$/
const notes =
  /^(?:and |please |so |just )*(?:keep track of (?:it|that)|track it|(?:note|write|log|record|jot|mark) (?:it|that)(?: down)?)$/
const longest = 14
const longestText = 500

/**
 * The text without the remark at its end that gives a reason, as in `mute amc, it's driving me mad`; undefined when it has
 * none. A remark says nothing about size, price or time, and turns nothing around. What is left may be put as a question alone.
 */
export function withoutRemark(text: string): string | undefined {
  if (text.length > longestText) return undefined
  for (const { 0: border, index } of text.matchAll(borders)) {
    const request = text.slice(0, index).trim()
    if (request.split(/\s+/).length >= 2 && isRemark(text.slice(index + border.length), request)) return request
  }
  return undefined
}

/** Says a clause beside an order for a part only what stays of the rest? */
export const isPartOf = (clause: string, request: string): boolean =>
  stays.test(clause.toLowerCase()) && saysPart.test(request)

const saysPart = /\b(half|third|thirds|quarter|some|part|\d[\d.,%k]*)\b/i

function isRemark(text: string, request: string): boolean {
  const words = tokenise(text).tokens.map(({ word }) => word)
  const said = words.join(' ')
  if (words.length === 0 || words.length > longest || /[\d?$%]/.test(text)) return false
  if (turnsAround(text.replace(/[\s.!]+$/, ''))) return false
  if (stays.test(said)) return saysPart.test(request)
  if (holds.test(said)) return /\bscal(e|ing)/i.test(request)
  if (notes.test(said)) return /\b(long|short)\b/i.test(request)
  if (!openings.test(said)) return false
  const rest = said.replace(unwanted, ' ').split(' ')
  return !rest.some((word) => turning.has(word) || numberWords.has(word))
}

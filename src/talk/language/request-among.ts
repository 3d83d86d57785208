import { isAside, sentencesOf } from './aside-sentences.ts'
import { isPartOf } from './remark.ts'
import type { Slots } from './slots.ts'
import { numberWords } from './spelled.ts'
import { tokenise } from './tokens.ts'

/** A part of a message that may be a request, with the clauses around it that say nothing about it. */
export interface Among {
  request: string
  /** The other clauses, in order. */
  around: string[]
}

/** Marks between clauses, and words that begin one without a mark. */
const borders =
  /[,;:.!?]+ +| +-+ +| +(?=(?:because|cuz|cause|cos|since (?:i|we|it)|as (?:i|we|it)|so (?:that )?(?:i|we|it|at least)|but (?:do|please)|don'?t|do not|without|no (?:hurry|rush|need|reason|stress|pressure)|can'?t |cannot |so (?:please|let'?s|have|get|close|sell|buy|could|would|can|put|take|cut|trim|move|set|i want)|while (?:i|we|it)|before (?:i|we)|my (?:wife|husband|boss)|i(?:'m| am|'ve| have| don'?t| do not| want| need| think)|it(?:'s| is)|news) )/gi

/** Slots that say nothing about the order beside them. */
const weightless = new Set(['symbol', 'symbols', 'now', 'time'])
const mostClauses = 6
const longestClause = 16

/** Words that make the request behind or before them another one, or none: conditions, choices, other times, other orders. */
const turning = new Set(
  `if unless until till except instead otherwise rather or only tomorrow later monday tuesday wednesday thursday friday buy sell close
  short cover trim add scaleout dump flatten exit buying selling closing stop target limit half third quarter double twice all
  everything both every each anyone anybody someone somebody everyone everybody guys folks yall y'all you'd he'd wish wished maybe perhaps
  hypothetically imagine suppose should've could've would've jk joking kidding nvm nevermind lol lmao rofl cancel undo
  he she they who nobody noone people traders nah bulls bears ur sold bought closed shorted margin paper fake test wrong`.split(
    /\s+/,
  ),
)
/** Reported speech before a request: `he says`, `john said`. */
const reporting =
  /\b(said|says|say|goes|like)$|^(\S+ ){0,2}(said|says|told (me|us|him|her|them|you)|tells (me|us)|tweeted|posted|wrote)( (to|that))?$/i
/** A refusal of what stands beside it: `don't`, `don't do it`, `not yet`, `no`. */
const refusing =
  /^(?:(?:please|but|and|no|oh|nah|nope|wait|so) )*(?:(?:don'?t|do not|never|won'?t|can'?t|cannot)(?: (?:do|act|go|trade|touch|act on|execute|run|start|place|send|bother)\b.*)?|not(?: (?:yet|now|really|today|sure|this|that|it))?|no|nah|nope|never ?mind|stop(?: it| that)?|forget (?:it|that|about it))$/i

/**
 * The sentences of a message that may be its request, the longest run of them first. Those around it are statements that say nothing
 * about it: `is the market even open? it's a bank holiday over here`.
 */
export function requestsBesideSentences(text: string, slotsOf: (clause: string) => Slots): Among[] {
  const sentences = text.length > 400 ? [] : sentencesOf(text)
  if (sentences.length < 2 || sentences.length > mostClauses) return []
  const asides = sentences.map((sentence) => isAside(sentence, slotsOf))
  const found: Among[] = []
  for (let length = sentences.length - 1; length > 0; length--)
    for (let from = 0; from + length <= sentences.length; from++) {
      const around = sentences.filter((_, at) => at < from || at >= from + length)
      const isAlone = sentences.every((_, at) => (at >= from && at < from + length) || asides[at])
      const request = text.slice(sentences[from]!.from, sentences[from + length - 1]!.to)
      if (isAlone && request.split(/\s+/).length > 1 && !isOfOthers(request))
        found.push({ request, around: around.map((sentence) => sentence.text) })
    }
  return found
}

/**
 * The parts of a message of several clauses that may be its request, the longest first. The clauses around one have no number and no
 * word that could turn it around, so that it may be put as a question without them.
 */
export function requestsAmong(text: string, slotsOf: (clause: string) => Slots): Among[] {
  if (text.length > 400) return []
  const clauses = clausesIn(text)
  if (clauses.length < 2 || clauses.length > mostClauses) return []
  const known = new Map<string, boolean>()
  const says = ({ text: clause }: Clause) => {
    const before = known.get(clause)
    if (before !== undefined) return before
    const slots = Object.keys(slotsOf(clause).given)
    known.set(clause, !slots.every((slot) => weightless.has(slot)))
    return known.get(clause)!
  }
  const idle = (clause: Clause, request: string, isBefore: boolean) =>
    (isIdle(clause, request, isBefore) && !says(clause)) || isAside(clause, slotsOf)
  const found: Among[] = []
  for (let length = clauses.length - 1; length > 0; length--)
    for (let from = 0; from + length <= clauses.length; from++) {
      const own = clauses.slice(from, from + length)
      const request = text
        .slice(own[0]!.from, own.at(-1)!.to)
        .replace(/^(?:and |so |then |but |just |please )+(?=\S)/i, '')
      if (request.split(/\s+/).length < 2 || isOfOthers(request) || cut.test(request)) continue
      // `stop at 100 on coin? nah` asks the others.
      if (own.at(-1)!.asks && from + length < clauses.length && !polite.test(request)) continue
      const before = clauses.slice(0, from)
      const behind = clauses.slice(from + length)
      if (
        before.every((clause) => idle(clause, request, true)) &&
        behind.every((clause) => idle(clause, request, false))
      )
        found.push({ request, around: [...before, ...behind].map((clause) => clause.text) })
    }
  return found
}

const polite = /^how (?:do|can|would) i\b|\b(?:can|could|would|will) you\b|\bplease\b|\b(?:can|could|may) i\b/i
/** A part whose last word is the subject of the next one: `sell all, every position. I | don't want any risk`. */
const cut = /\b(?:i|we|you|they|he|she)$/i
/** A request that begins with the name of somebody whose trade it is: `gary's short 5000 gme`. */
const isOfOthers = (request: string) => /^(?!(?:let|what|how|where|that|it|here)'s\b)[a-z]+'s /i.test(request)
/** Words that call the desk, or greet; another single word before a request may be the name of a person. */
const calls =
  /^(?:hi|hello|hey|yo|ok|okay|desk|bot|@\S+|sir|please|well|so|right|alright|now|morning|thanks|good \w+|dear \w+|hey \w+|done|enough|fine|boss|chief|mate|request|note|order|urgent|quick|quickly|sorry|listen|look|go|yes|yep|ugh|damn|great|perfect|nice|news|earnings)$/i

interface Clause {
  text: string
  from: number
  to: number
  /** It ends with a question mark. */
  asks: boolean
}

function clausesIn(text: string): Clause[] {
  const clauses: Clause[] = []
  let from = 0
  const put = (to: number, asks: boolean) => {
    const clause = text.slice(from, to).replace(/[\s,;:.!?-]+$/, '')
    if (/[\p{L}\p{N}]/u.test(clause)) clauses.push({ text: clause, from, to: from + clause.length, asks })
  }
  for (const { 0: border, index } of text.matchAll(borders)) {
    if (index === 0) continue
    put(index, border.includes('?'))
    from = index + border.length
  }
  put(text.length, /\?\s*$/.test(text))
  return clauses
}

/** Says a clause nothing about the request beside it? */
function isIdle({ text, asks }: Clause, request: string, isBefore: boolean): boolean {
  const words = tokenise(text).tokens.map(({ word }) => word)
  if (words.length > longestClause || /[\d$%]/.test(text)) return false
  if (isPartOf(text, request)) return true
  // `kim, can you unmute?` is for Kim.
  if (isBefore && words.length < 2 && !calls.test(text)) return false
  if (refusing.test(text) || /^(?:and |but |please )*(?:wait|hold)\b/i.test(text) || (isBefore && reporting.test(text)))
    return false
  if (/\b(?:would|could|should|might)$/i.test(text)) return false
  if (asks && !nodding.test(text)) return false
  return !words.some((word) => turning.has(word) || numberWords.has(word))
}

/** A question behind a request that asks for a nod: `pop that in for me?`. */
const nodding = /\b(for me|please|pls|ok|okay|yes|can you|could you|would you|will you|thanks|cool|yeah)\b/i

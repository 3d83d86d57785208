import type { Slots } from './slots.ts'
import { numberWords } from './spelled.ts'
import { tokenise } from './tokens.ts'

/** A sentence of a message, between two places in it. */
export interface Sentence {
  text: string
  from: number
  to: number
  /** It ends with a question mark. */
  asks: boolean
}

/** Marks behind a sentence. Behind them a space is missing in `5.2` and in `b.o.`. */
const ends = /(?<![\s.](?:vs|no|mr|mrs|st|approx|etc|avg|lmt|mkt|inc|corp|co))[.!?]+["')]* +(?=\S)/gi

/** The sentences of a message, in order. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = []
  let from = 0
  const put = (to: number, asks: boolean) => {
    const said = text.slice(from, to).replace(/[\s.!?]+$/, '')
    if (/[\p{L}\p{N}]/u.test(said)) sentences.push({ text: said, from, to: from + said.length, asks })
  }
  for (const { 0: end, index } of text.matchAll(ends)) {
    put(index, end.includes('?'))
    from = index + end.length
  }
  put(text.length, /\?\s*$/.test(text))
  return sentences
}

/** Words that begin a statement about somebody or something, which asks for nothing. */
const begins =
  /^(?:(?:and|but|so|well|oh|ah|god|lord|honestly|frankly|look|listen|clearly|apparently|sadly|luckily|sure|yes|yeah|yep|now|ugh|right|ok|okay|alright|anyway|mate|cheers|thanks),? )*(?:(?:i|we|they|he|she|it|you|there|this|these|those|that)(?:['’]?(?:m|s|ve|d|ll|re)?)(?!\S)|(?:isn|wasn|aren|ain|doesn|didn|hasn|haven|hadn|weren)['’]?t (?:it|this|that|he|she|they|we|i)\b|(?:my|our|his|her|their|its|the|a|an|some|every|another|no|this|that|all|most|half) \S+ (?:\S+ ){0,5}\S+|(?:everyone|everybody|people|nobody|somebody|someone|nothing|something|everything|life|time|money|work|mum|mom|dad|everything['’]?s|time['’]?s|what|how|who) \S+|(?:sorry|thanks|thank you|cheers|ta|hope|hoping|hopefully|guess|reckon|feels?|looks?|seems?|sounds?|been|had|got|gotta|having|getting|going|running|sitting|feeling|can'?t|cannot|couldn'?t|wouldn'?t|don'?t (?:fancy|want|trust|like|care|need|ask|get|know|tell)|didn'?t|never thought|not (?:a|my|the|that|much|sure|feeling|worth|in)|too|enough|just|only|what a|such a|bit of|sick of|tired of|fed up|bored of|done with|finished with|happy|glad|good|great|bad|nice|long day|busy|fingers crossed|famous last|knowing|typical|as \S+ as|must be|should be|could be|would be|might be|weather|football|coffee|dinner|lunch|breakfast|news|earnings|rumou?r|volume|momentum|charts?|price) \S+)/i

/** Words that make a sentence say something about the request beside it, take it back, or ask for more. */
const weighty = new Set(
  `if unless until till except instead otherwise rather tomorrow later monday tuesday wednesday thursday friday buy sell close short long
  cover trim add scaleout dump flatten exit stop target limit trail bracket cancel undo double third quarter both each margin paper fake
  test joking kidding jk nvm nevermind lol lmao rofl haha imagine suppose hypothetically maybe perhaps wish wished wrong mistake oops
  typo actually wait hold hang pause confirm already meant mean earlier before after first then next please pls must let make put take set
  want wants need needs ask asks asked told says said saying tells tell order orders shares share position positions price prices market alert
  mute unmute watch unwatch move change cut reduce leave keep use give show send`.split(/\s+/),
)
/** Turns of phrase with such words that say nothing about the request. */
const idleTurns =
  /\b(?:i(?:'m| am) (?:happy|fine|ok|okay|content|prepared|willing)(?: enough)? to [a-z ]{2,30} if (?:it|that) (?:turns|drops|fails|breaks|goes wrong|goes against me|does|happens)$|(?:i'?d|i would) (?:(?:hate|love) to|rather(?: not)? (?:be|have|sit|stay|go|sleep|miss|lose)) [a-z ]{2,40}$|i (?:just )?(?:want|need) (?:to )?(?:sleep|relax|breathe|rest|peace|a (?:coffee|drink|holiday|break|nap|walk)|some (?:sleep|air|peace|rest)|the (?:cash|money)|cash|money|less (?:risk|stress)|to (?:sleep|relax|breathe|go home|get some sleep|walk the dog|see the kids))|(?:doesn'?t|don'?t|does not|do not) need to (?:know|hear|see)(?: (?:about )?(?:it|this))?|(?:long|short) (?:day|week|night|time|story|run|while|term)|(?:in|over) the long (?:run|term)|(?:first|next) (?:thing|time|coffee)|no (?:more )?(?:need|rush)|need (?:a|the|some) (?:coffee|drink|holiday|break|nap|walk|cash|money|sleep|beer|new \w+)|(?:before|after) (?:my|the|breakfast|lunch|dinner|bed|coffee|work|school) ?\S*|(?:don'?t|do not) (?:want|need|like|trust) (?:it|this|that|them|the (?:risk|stress|hassle|drama)|to (?:look at|see|hear (?:about|of)|think about|deal with|hold|own|keep) (?:it|this|that|them))(?: (?:any ?more|any longer|at all|again|overnight))?|(?:keeps?|kept) (?:\w+ing|me)|let'?s (?:hope|see|go)|(?:makes?|made) (?:me|sense)|(?:put|puts) (?:me|food|the kids)|take (?:no|my word)|takes? (?:forever|ages)|(?:i|we) mean\b(?!.*\d)|tells? (?:me|you)|(?:told|asked) (?:me|you) so|you (?:could|can) (?:tell|drive|see|hear|cut|feel)|so (?:they|people) say|changed? my mind about (?:it|this|that)|said (?:some )?(?:things?|something|nothing|stupid|weird|bad|silly)|fast asleep|half asleep|(?:the|my) (?:other|better) half|(?:the )?half (?:of )?(?:the|my|our) (?:portfolio|account|book|capital|net worth|money|life|savings|street|family|world|office|team|day|night|time|internet|house)|all (?:day|night|week|weekend|month|morning|afternoon|year|along|over|the (?:time|way|same|back and forth|fuss|noise|drama|trouble|best)|in all|mixed up|ears|good|fine|set|done)|(?:after|at|above|that'?s|you) all|(?:about |maybe |around |some )?(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|a hundred|a thousand) (?:minutes?|hours?|days?|weeks?|months?|years?|times|nights?) (?:left|late|early|running|straight|in a row|too late|now))\b/gi

/** Refusals and corrections, which are about what stands beside them. */
const refuses =
  /^(?:(?:please|but|and|no|oh|nah|nope|so|well|actually|sorry) )*(?:(?:don'?t|do not|never|won'?t)(?: (?:do|act|go|trade|touch|execute|run|start|place|send|bother|buy|sell|close|it|that|yet)\b.*)?|not (?:yet|now|really|today|sure|this|that|it)\b.*|no|nah|nope|never ?mind|stop(?: it| that)?|forget .*|scratch .*|ignore .*|disregard .*|(?:i|we) (?:changed|take|took|was|were|am|'m) (?:my mind|it back|that back|joking|kidding|only joking|just joking)\b.*|i (?:didn'?t|don'?t) mean\b.*|that was .*)$/i
/** A clause whose verb is the one beside it: `nobody here would, sell 100 amd`. */
const cutShort =
  /\b(?:would|could|should|might|will|can|did|does|do|to|said|says|told)$|^(?:nobody|no one|noone|none)\b/i
const mostWords = 24

/**
 * Is a sentence a statement beside a request that says nothing about it: a reason, a feeling, a thing of everyday life? It has no
 * number, no slot, no condition, no word of an order and no refusal.
 */
export function isAside({ text, asks }: Sentence, slotsOf: (clause: string) => Slots): boolean {
  if (/[\d$%]/.test(text) || refuses.test(text) || cutShort.test(text) || !begins.test(text)) return false
  if (asks && !/^(?:who|what a|isn'?t|ain'?t|right|eh|isn'?t it|how \S+ is)\b/i.test(text)) return false
  const bare = text.replace(idleTurns, ' ')
  const words = tokenise(bare).tokens.map(({ word }) => word)
  if (words.length > mostWords || words.some((word) => weighty.has(word) || isCounted(word))) return false
  return Object.keys(slotsOf(bare).given).every((slot) => weightless.has(slot))
}

/** Is a word a number, other than `one` in `this one`? */
const isCounted = (word: string) => word !== 'one' && numberWords.has(word)

/** Slots that say nothing about the order beside them: `i feel sick now`. */
const weightless = new Set(['symbol', 'symbols', 'now'])

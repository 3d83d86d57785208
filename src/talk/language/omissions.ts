import { tokenise } from './tokens.ts'

const listed = (text: string) => new Set(text.split(/\s+/).filter(Boolean))

/** Words that leave something out of an order, repeat it, choose, take back what was just said, or name a kind of it that there is not here. */
const limiting = listed(
  `except excluding excl besides but unless every each per daily hourly weekly monthly twice thrice actually rather instead scratch oops
  correction red green losing winning profitable losers winners longs shorts keep calls call puts put options strike strikes fok ioc moc loc
  aon opg premarket afterhours`,
)
/** `call` and `put` are words of other things as well, and `every position` is all of them. */
const harmless =
  /\b(call off|call it|keep (the )?rest|(every|each) (single |open )?(position|one|share|trade|last|thing|order)|put (in|on|up|down|the|my|a|an|it|me|that|this|out|through|some|pt|tp|sl|stop|target|\d))/g
/** None of them is `undo` either; `roll back` is. */
const turning = /\b(flip|reverse|hedge|roll(?! (it |that )?back))\b/
const leaving = /\b(leave|leaving) (me |us )?(with )?\$?[\d.]/
const corrections =
  /(?<=\S )(no|nah|wait|or|i mean|make (that|it))(?= (wait|\$?\d|\.\d|half|all|sell|buy|close|long|short|at|@))|\bother than\b/
/** Of the account, in steps of a size, or followed by something else. */
const parts =
  /\bwith all (my|the)\b|(?<!\ball )\b(of|with) (my|the) (cash|account|capital|portfolio|equity|money|buying power)\b|\bat a time\b|\bthen (sell|buy|close|set|put|trim|scale|stop|exit|dump)\b/
const exiting = new Set(['sell', 'trim', 'close', 'close all', 'scaleout'])
const buys = /\b(buy|grab|purchase|scoop)\b(?! (to (cover|close)|back))/
const exits =
  /\b(sell|dump|trim|scale ?out|unload|offload|flatten|liquidate|exit)\b(?! (to open|walls?))|(?<!\b(at|the|before|by|into|on|market|until|till|til|to|near|after) )\bclose\b/

/**
 * Does a message say something that no order of ours has, so that it would be lost if the rest were repeated back: `close
 * everything except BYND`, `sell 100, no 50`, two orders in one? Such a message is refused rather than guessed; so is one that
 * says the contrary of the command that it was taken for.
 */
export function wouldLose(text: string, command?: string): boolean {
  const words = tokenise(text.slice(0, 600)).tokens.map(({ word }) => word)
  const said = words.join(' ').replace(/\bor (better|so|less|more|nah|not)\b/g, '')
  const [, ...after] = said.replace(harmless, '').split(' ')
  if (after.some((word) => limiting.has(word))) return true
  if (turning.test(said) || leaving.test(said)) return true
  if (corrections.test(said) || parts.test(said) || (buys.test(said) && exits.test(said))) return true
  return command !== undefined && isTurned(said, command)
}

/** `buy amd with all i have` is no close, whatever a model says. */
function isTurned(said: string, command: string): boolean {
  if (command === 'buy' || command === 'add') return exits.test(said)
  return exiting.has(command) && buys.test(said)
}

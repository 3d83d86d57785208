/** Marks between the clauses of a message. */
const borders = /[,;:.!?]+ +| +-+ +/

/** The clauses of a message, in order. A message without marks is one clause. */
export function clausesOf(text: string): string[] {
  return text
    .slice(0, 500)
    .split(borders)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
}

const reporting = /\b(said|says|told|tells|jk|joke|joking|kidding|never ?mind|nvm|lol|lmao|haha)\b/i
const refusing =
  /^(?:(?:no|oh no|nah|nope|wait|please)[ ,]*)?(?:(?:do not|don'?t)(?! (?:want|need|like|trust|care|rush|worry|spook|hit|push|move)\b)(?: \S+){0,2}|(?:wait|no|nah|nope|never|not (?:yet|now|really))(?: \S+)?|stop(?: it)?)$/i
const rushing =
  /^(?:no|not) (?:later|earlier|rush|hurry|stress|limit|pressure|more|less|questions?|need|problem|worries)$/i

/** Does a clause turn the others around, as `he said`, `no don't` or `just kidding` do? */
export function turnsAround(clause: string): boolean {
  return reporting.test(clause) || (refusing.test(clause) && !rushing.test(clause))
}

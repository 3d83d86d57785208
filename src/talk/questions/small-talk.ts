import { plain } from '../language/words.ts'

const polite = new Set(
  `thanks thank thankyou thx ty tysm cheers cool nice great good awesome perfect sweet lovely excellent lol lmao rofl haha hahaha hah heh
  hm hmm hmmm uh um oh ah wow omg ok okay k kk alright right fine interesting hi hey hello yo gm gn morning evening wait sec second moment
  minute hold on brb one a the just well let me think thinking about it you u so much very really a lot bot desk man bro dude mate buddy
  friend guys all again for that this is i see got gotcha sorry oops my bad idk idea yet sure still here welcome
  everybody everyone love appreciate appreciated`
    .split(/\s+/)
    .filter(Boolean),
)
const mostWords = 7

/** Words that are small talk only beside others: `a lot` may be somebody's answer, and `thanks a lot` is none. */
const weak = new Set('a one the all again for that this is it of so much very really lot second minute'.split(' '))

/** Is a text only politeness or small talk, as in `thanks!` or `hm, one moment`? A text without any word is, too. */
export function isSmallTalk(text: string): boolean {
  const words = plain(text)
    .split(/[\s,.!?]+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words.length <= mostWords && words.every((word) => polite.has(word)) && !isOnlyWeak(words)
}

const isOnlyWeak = (words: string[]) => words.length > 0 && words.every((word) => weak.has(word))

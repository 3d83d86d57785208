/** The polite words at the beginning of a message. */
export interface Opening {
  /** The number of its words. */
  count: number
  /** `asks`: a question such as "can you …". `shows`: a request to see something, "show me …". `tells`: "I'm long …". */
  kinds: Set<'asks' | 'shows' | 'tells'>
}

const empty = `hey, hi, yo, hello, ok, okay, k, alright, so, well, deskhand, desk, bot, please, pls, plz, just, now, let's, lets, let us,
  i want to, i wanna, i would like to, i'd like to, id like to, i need to, i need you to, i want you to, go ahead and, and, yes, yeah,
  quickly, kindly, time to, i'll, i will, ill, gonna, we need to, we should now, alexa, good morning, gm`
const asks = `can you, i would appreciate if you, i'd appreciate if you, i would be grateful if you, would be great if you, would be nice if you, be so kind and, be so kind to,
  would you be so kind and, would you be so kind to, could you be so kind and, could you be so kind to, could you, would you, will you, can i, can we, may i, could i, could we, is it possible to, would you mind`
const shows = `show me, show, give me, gimme, tell me, let me see, i want to see, i'd like to see, what's, what is, what are, whats, check, pull up,
  get me, get, display, how's, how is, how are, hows, print, see, view, list, read me, bring up, where's, where is, wheres, let's see, lets see, any, calc,
  calculate, what's happening with, status of, got`
const tells = "i'm, im, i am, i, we're, we are, currently"

const openings: [words: string[], kind?: 'asks' | 'shows' | 'tells'][] = [
  ...listed(empty).map((words) => [words] as [string[]]),
  ...listed(asks).map((words) => [words, 'asks'] as [string[], 'asks']),
  ...listed(shows).map((words) => [words, 'shows'] as [string[], 'shows']),
  ...listed(tells).map((words) => [words, 'tells'] as [string[], 'tells']),
]
const byFirst = Map.groupBy(
  openings.sort(([one], [other]) => other.length - one.length),
  ([words]) => words[0]!,
)

function listed(text: string): string[][] {
  return text.split(/,\s*/).map((words) => words.trim().split(' '))
}

/** Lists all openings at the beginning of the words, from the empty one to the longest. */
export function openingsOf(words: string[]): Opening[] {
  const found: Opening[] = [{ count: 0, kinds: new Set() }]
  for (let round = 0; round < 4; round++) {
    const { count, kinds } = found.at(-1)!
    const next = (byFirst.get(words[count] ?? '') ?? []).find(([said]) =>
      said.every((word, index) => words[count + index] === word),
    )
    if (!next || count + next[0].length >= words.length) break
    const [said, kind] = next
    found.push({ count: count + said.length, kinds: kind ? new Set([...kinds, kind]) : kinds })
  }
  return found
}

import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { runningScaleouts } from '../../trading/scaleouts/rows/scaleouts.ts'
import type { Hearing } from '../commands/command.ts'
import { plain } from '../language/words.ts'
import { askWhetherMeant } from './confirmation.ts'
import type { Ears } from './ears.ts'
import type { HearingOutcome } from './outcome.ts'

const stopping = new Set(
  `abort, abort it, abort that, abort this, stop it, stop that, stop this, stop them, stop those, stop these, stop it all, stop, stop selling, stop selling it, halt it, kill it, end it,
  call it off, make it stop, cut it out, quit it, enough, that's enough, thats enough`
    .split(',')
    .map((words) => words.trim()),
)

/** Does a text only say that something is to stop? It is said to the desk while a scaleout runs, and talk otherwise. */
export function saysStop(text: string): boolean {
  const said = plain(text).replace(/[\s.,!]+$/, '')
  const words = said.replace(polite, ' ').replace(/\s+/g, ' ').trim()
  // `stop` alone sets a stop.
  return stopping.has(words) && said !== 'stop'
}

const polite =
  /(?<![\p{L}'])(please|pls|plz|now|ok|okay|hey|just|kindly|immediately|asap|right away|thanks|thx)(?![\p{L}'])[\s,.!]*/gu

/** Does a scaleout of the speaker run in this conversation? */
export async function isSelling({ parts: { db } }: Ears, speaker: Speaker): Promise<boolean> {
  const running = await runningScaleouts(db, speaker.accountId)
  return running.some(({ conversationId }) => conversationId === speaker.conversationId)
}

/** Offers to end the speaker's running scaleout, the one of this conversation first; undefined when none runs. */
export async function offerToStop(ears: Ears, hearing: Hearing): Promise<HearingOutcome | undefined> {
  const { accountId, conversationId } = hearing.speaker
  const running = await runningScaleouts(ears.parts.db, accountId)
  const registered = ears.registry.byName('cancel scaleout')
  if (running.length === 0 || !registered) return undefined
  const here = running.filter((one) => one.conversationId === conversationId)
  const [only, another] = here.length > 0 ? here : running
  return askWhetherMeant(ears, hearing, registered, only && !another ? { symbol: only.symbol } : {}, [])
}

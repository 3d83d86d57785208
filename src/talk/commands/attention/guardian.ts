import { Refusal } from '../../../base/refusal.ts'
import { openPosition } from '../../../trading/positions/rows/positions.ts'
import { carryOut, closed } from '../../../watch/guardian/chosen-action.ts'
import { openProposals } from '../../../watch/guardian/decisions.ts'
import { type GuardianMode, guardianModeOf, setGuardianMode } from '../../../watch/guardian/mode.ts'
import { offersOf } from '../../../watch/guardian/offers.ts'
import { plain } from '../../language/words.ts'
import { questionLine } from '../../wording/guardian.ts'
import { repliesTo } from '../../wording/index.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

export const setGuardian: Command = {
  name: 'guardian',
  aliases: [],
  phrases: [
    { says: 'off', full: 'turn guardian off, turn off guardian, switch guardian off, switch off guardian' },
    { says: 'auto', full: 'set guardian to auto, guardian to auto' },
    { says: 'ask', full: 'set guardian to ask, guardian to ask' },
  ],
  description: 'May the guardian act by itself, and what it proposes',
  category: 'Guardian',
  position: 250,
  effect: 'sets',
  exits: 'answered',
  usage: 'guardian [auto | ask | off | SYMBOL NUMBER]',
  example: 'guardian auto',
  detail:
    'With `auto` the guardian holds, and tightens a stop, by itself (paper accounts only); with `ask`, as at first, it asks before everything. Everything else it always asks. With `off` it proposes and asks nothing; alerts, stops and the breaker go on. `guardian BYND 2` answers its question about BYND where several are open. By itself: what is set, and which proposals wait.',
  needs: 'trader',
  account: 'sets',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which question to answer' },
    { name: 'quantity', type: 'quantity', description: 'The number of the answer' },
    { name: 'mode', type: 'text', description: 'auto, ask or off' },
  ],
  async run(hearing, { words: given }) {
    const { event, choice, symbol, quantity } = given
    if (event !== undefined && choice !== undefined) return answer(hearing, Number(event), choice)
    if (symbol !== undefined && quantity !== undefined) return answerByNumber(hearing, symbol, Number(quantity))
    const word = plain(given.rest ?? '').replace(/ (please|pls|plz|now|thanks|thx)$/, '')
    const mode = modes.find((one) => one === word)
    if (mode) return setMode(hearing, mode)
    if (word === '' || symbolOnly(word, symbol)) return show(hearing, symbol)
    return new Refusal(
      'NOT_UNDERSTOOD',
      'The guardian knows `auto`, `ask` and `off`. Nothing was changed.',
      `Usage: \`${setGuardian.usage}\``,
    )
  },
}

/** Is a symbol all that was said? `guardian off amd` says more. */
const symbolOnly = (words: string, symbol?: string) =>
  symbol !== undefined && words.replace(/^(of|on|for|about) /, '').replace(/^\$/, '') === symbol.toLowerCase()

async function answer({ parts, speaker }: Hearing, eventId: number, choice: string): Promise<Outcome> {
  const { memberId, conversationId } = speaker
  const done = await repliesTo(carryOut(parts, { eventId, choice, memberId, conversationId }))
  return done instanceof Refusal ? done : { replies: done }
}

async function answerByNumber(hearing: Hearing, symbol: string, number: number): Promise<Outcome> {
  const { parts, speaker } = hearing
  const decision = (await openProposals(parts.db, speaker.accountId, parts.clock.now(), symbol)).at(-1)
  const offer = decision && offersOf(decision)[number - 1]
  if (decision && offer) return answer(hearing, decision.eventId, offer.action)
  return decision || (await openPosition(parts.db, speaker.accountId, symbol)) ? closed() : noneOpen(symbol)
}

function noneOpen(symbol: string): Refusal {
  const sentence = `You have no open position in ${symbol}, so the guardian asks nothing about it. Nothing was done.`
  return new Refusal('QUESTION_CLOSED', sentence, '`positions` shows what is open')
}

async function setMode({ parts, speaker }: Hearing, mode: GuardianMode): Promise<Outcome> {
  await setGuardianMode(parts.db, speaker.accountId, mode)
  return say(modeTexts[mode])
}

const modes = ['auto', 'ask', 'off'] as const

const modeTexts: Record<GuardianMode, string> = {
  auto: '🧭 GUARDIAN AUTO\nIt holds, and tightens a stop, by itself (paper only). Everything else it asks.',
  ask: '🧭 GUARDIAN ASK\nIt asks before everything.',
  off: '🧭 GUARDIAN OFF\nIt proposes and asks nothing. Alerts, stops and the breaker go on.',
}

async function show({ parts, speaker, guardian }: Hearing, symbol?: string): Promise<Outcome> {
  const mode = await guardianModeOf(parts.db, speaker.accountId)
  const open = await openProposals(parts.db, speaker.accountId, parts.clock.now(), symbol)
  const lines = open.map((decision) => `${decision.symbol} · ${questionLine(decision)}`)
  const hint = open[0]
    ? `💡 \`guardian ${open[0].symbol} 1\` answers`
    : `💡 \`guardian ${mode === 'ask' ? 'auto' : 'ask'}\` changes that; \`why BYND\` shows what was decided`
  return say(
    [modeTexts[mode], ...(guardian.model ? [] : ['It goes by rules: no model is configured.']), ...lines, hint].join(
      '\n',
    ),
  )
}

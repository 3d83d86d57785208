import { makeAgent, mostSymbols, notPaper } from '../../../agents/make-agent.ts'
import type { NewAgent } from '../../../agents/rows/agents.ts'
import { agentStrategyNames, agentStrategyOf } from '../../../agents/strategies.ts'
import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { readParameters } from '../../../strategies/runs/parameters.ts'
import { accountFor } from '../../../trading/accounts/rows/accounts.ts'
import { type AgentWords, agentFrom } from '../../language/agent-words.ts'
import { agentName, termsText } from '../../wording/agents/words.ts'
import { type Ask, type Command, choose, type Hearing, numbered, say } from '../command.ts'

const example = 'agent new trend on AAPL MSFT with sma-cross size 10%'

/** The most of the account in a symbol, in percent, unless it is said; the policy chooses up to a fifth. */
const usualSize = new Big(10)
const usualPolicySize = new Big(20)
const mostSize = new Big(100)

export const newAgent: Command = {
  name: 'agent new',
  aliases: ['new agent', 'make agent', 'start agent', 'create agent'],
  description: 'Make an agent that trades paper by itself',
  category: 'Agents',
  position: 500,
  effect: 'governs',
  usage: `agent new NAME on SYMBOL … with ${agentStrategyNames.join(' | ')} [size PERCENT] [PARAMETER VALUE …]`,
  example,
  detail: `An agent decides after the close of each day by a strategy of the backtests, and its orders go through the desk’s gate at the next open. It begins with a backtest of the last years and then trades the paper account that you use here; it cannot trade real money. Size is the most of the account’s equity in a symbol: 10% unless you say it, 20% for the policy, which chooses its own. Parameters have names: \`fast 5 slow 20\`. Everything that it will do is shown, and asked, before it begins (docs/agents.md).`,
  needs: 'trader',
  account: 'opens',
  options: [{ name: 'terms', type: 'text', description: 'trend on AAPL MSFT with sma-cross' }],
  asks: () => true,
  async run(hearing, { words: given }) {
    const { parts, speaker } = hearing
    if (given.sure === 'no') return say('OK, no agent was made.')
    const said = (given.rest ?? '').trim()
    const terms = await termsIn(hearing, agentFrom(said))
    if (terms instanceof Refusal) return terms
    if (given.sure !== 'yes') return ask(hearing, said, terms)
    await accountFor(parts.db, speaker)
    const { memberId, accountId, conversationId } = speaker
    const made = await makeAgent(parts, { ...terms, memberId, accountId, conversationId, requestId: hearing.inboundId })
    if (made instanceof Refusal) return made
    const lines = [
      `🤖 ${agentName(made)} is made: ${termsText(made)}`,
      'Its backtest is played now; what comes of it is told here.',
      `💡 \`agent ${made.id}\` shows it, \`agent ${made.id} pause\` and \`agent ${made.id} stop\` end its trading`,
    ]
    return say(lines.join('\n'))
  },
}

type Terms = Pick<NewAgent, 'name' | 'strategy' | 'parameters' | 'symbols' | 'size'>

async function termsIn(hearing: Hearing, words: AgentWords): Promise<Terms | Refusal> {
  const { parts, speaker } = hearing
  const { name, symbols, strategy: named, size: said, parameters: typed, unread, isLive } = words
  if (isLive) return notPaper()
  if (unread.length > 0) return notUnderstood(`I did not understand "${unread.join(' ').slice(0, 60)}".`)
  if (name === undefined) return notUnderstood('It was not said what the agent is called.')
  if (!/^[a-z][a-z0-9_-]{0,19}$/i.test(name))
    return new Refusal(
      'AGENT_NAME',
      `"${name.slice(0, 40)}" is no name for an agent. Nothing was started.`,
      'A name begins with a letter and has up to 20 letters, digits and hyphens',
    )
  if (symbols.length === 0) return notUnderstood('It was not said which symbols it trades.')
  if (symbols.length > mostSymbols) return notUnderstood(`An agent trades up to ${mostSymbols} symbols.`)
  if (named === undefined) return notUnderstood('It was not said what it trades with.')
  for (const symbol of symbols) if (!parts.market.instrument(symbol)) await parts.market.lookUp?.(symbol)
  const unknown = symbols.filter((symbol) => !parts.market.instrument(symbol))
  if (unknown.length > 0)
    return new Refusal(
      'UNKNOWN_SYMBOLS',
      `This market does not know ${unknown.join(', ')}. Nothing was started.`,
      '`quote SYMBOL` shows a symbol that it knows',
    )
  if (speaker.accountId !== 0 && (await parts.venues.of(speaker.accountId)).venue.capabilities.isLinked)
    return notPaper()
  const found = await agentStrategyOf(parts, named)
  if (found instanceof Refusal) return found
  const { strategy } = found
  const own = readParameters(strategy, typed)
  if (own instanceof Refusal) return own
  const unfit =
    strategy.refuses?.(own) ?? (Number(own.trail ?? 0) > 0 ? 'Agents have no trailing stops yet.' : undefined)
  if (unfit !== undefined)
    return new Refusal('WRONG_PARAMETER', `${unfit} Nothing was started.`, '`help agent new` says more')
  const size = sizeIn(said, named === 'policy' ? usualPolicySize : usualSize)
  if (size instanceof Refusal) return size
  return { name, symbols: [...new Set(symbols)], strategy: strategy.name, parameters: own, size }
}

/** A share of one. */
function sizeIn(said: string | undefined, usual: Big): Big | Refusal {
  if (said === undefined) return usual.div(100)
  const [, digits] = /^(\d{1,3}(?:\.\d{1,2})?)%?$/.exec(said) ?? []
  const percent = digits === undefined ? undefined : new Big(digits)
  return percent?.gt(0) && percent.lte(mostSize)
    ? percent.div(100)
    : notUnderstood(
        `"${said.slice(0, 20)}" is no size: it is a percentage of the account above 0 and up to ${mostSize.toFixed()}.`,
      )
}

const notUnderstood = (sentence: string) =>
  new Refusal('NOT_UNDERSTOOD', `${sentence} Nothing was started.`, `For example \`${example}\``)

/** Shows all that it will do, and asks. */
async function ask({ parts, speaker }: Hearing, said: string, terms: Terms): Promise<Ask> {
  const { caution } = (await agentStrategyOf(parts, terms.strategy)) as { caution?: string }
  const account =
    speaker.accountLabel === undefined ? 'your paper account' : `your paper account ${speaker.accountLabel}`
  const title = `🤖 MAKE AGENT ${terms.name}?`
  const lines = [
    title,
    `Trades ${account} by itself: ${termsText(terms)}`,
    'First it plays a backtest of the last years. Then, after the close of each day, it decides for each symbol, and orders at the market at the next open without another word from you.',
    'Its orders pass the desk’s gate like yours; exits always pass. It sets the stops and targets that its strategy has.',
    'It is paper: no real money, and no account at a broker.',
    ...(caution === undefined ? [] : [`⚠️ ${caution}`]),
    numbered(['YES - Make it', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ]
  const choices = [
    { value: 'yes', label: 'Yes', aliases: ['y'] },
    { value: 'no', label: 'No', aliases: ['n'] },
  ]
  return choose('sure', title, lines.join('\n'), choices, { rest: said })
}

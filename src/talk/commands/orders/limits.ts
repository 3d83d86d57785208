import { Big, isMultiple, zero } from '../../../base/amounts.ts'
import { dollarsText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { factsNow } from '../../../trading/accounts/gate.ts'
import { buyingPowerText } from '../../../trading/accounts/gate-refusals.ts'
import type { GateFacts } from '../../../trading/accounts/rows/gate-facts.ts'
import { type LimitName, setLimit } from '../../../trading/accounts/rows/limits.ts'
import { buyingPower } from '../../../trading/accounts/rules/buying-power.ts'
import type { LiveUse } from '../../../trading/accounts/rules/gate.ts'
import { defaultLimits, isLooser } from '../../../trading/accounts/rules/limits.ts'
import { member } from '../../language/slot-words.ts'
import { numberIn } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { accountsMeant } from '../desk/trip-breaker.ts'

/** A limit by its word: its text, its present use, and the valid values. */
interface Setting {
  word: string
  name: LimitName
  says(limit: Big | undefined): string
  used?(facts: GateFacts): string
  most: Big
  step?: Big
  bounds: string
  example: string
}

const upTo = (most: number): Pick<Setting, 'most' | 'step' | 'bounds'> => ({
  most: new Big(most),
  step: new Big(1),
  bounds: `a whole number from 1 to ${most}`,
})
const ordersText = (limit: Big | undefined) => `${limit} ${limit?.eq(1) ? 'order' : 'orders'}`
const anySize = new Big(1_000_000_000)

const settings: Setting[] = [
  {
    word: 'orders',
    name: 'orders',
    says: (limit) => `${limit} a minute`,
    used: ({ lately }) => `${lately.length} in the last one`,
    example: '30',
    ...upTo(600),
  },
  {
    word: 'working',
    name: 'working',
    says: (limit) => `${ordersText(limit)} at once`,
    used: ({ working }) => `${working} now`,
    example: '20',
    ...upTo(500),
  },
  {
    word: 'scheduled',
    name: 'scheduled',
    says: (limit) => `${ordersText(limit)} for later`,
    used: ({ scheduled }) => `${scheduled} now`,
    example: '10',
    ...upTo(500),
  },
  {
    word: 'size',
    name: 'dollars',
    says: (limit) =>
      limit ? `an order may be worth ${dollarsText(limit)} at most` : 'an order may be worth any amount',
    most: anySize,
    step: new Big('0.01'),
    bounds: `dollars, up to ${dollarsText(anySize)}, or \`off\``,
    example: '$50000',
  },
  {
    word: 'units',
    name: 'units',
    says: (limit) =>
      limit ? `an order may have ${quantityText(limit)} units at most` : 'an order may have any number',
    most: anySize,
    bounds: `a number, up to ${quantityText(anySize)}, or \`off\``,
    example: '500',
  },
]
const words = settings.map(({ word }) => word).join(', ')

export const setLimits: Command = {
  name: 'limits',
  aliases: [],
  description: 'What your account may order: how much at once, and how often',
  category: 'Risk',
  position: 235,
  effect: 'sets',
  usage: 'limits [@SOMEBODY] [NAME VALUE]',
  example: 'limits size $50000',
  detail: `Held against every order that opens or adds, whoever wants it: how many a minute, how many working and for later at once, and how large one may be. What exits always passes. \`limits orders 30\` or \`limits units 500\` sets one, \`limits size off\` and \`limits orders default\` take it back. You may make yours tighter; only an owner makes them looser again, or changes somebody else's. Names: ${words}.`,
  needs: 'viewer',
  account: 'sets',
  options: [{ name: 'limit', type: 'text', description: `${words}, and a value` }],
  async run(hearing, { words: given }) {
    const said = (given.rest ?? '').split(/\s+/).filter(Boolean)
    const who = said.find((word) => member.test(word) || word.startsWith('@'))
    const [word, ...values] = said.filter((one) => one !== who)
    if (who && hearing.speaker.role !== 'owner')
      return new Refusal('NOT_ALLOWED', "Only an owner may look at somebody else's limits. Nothing was changed.")
    const ids = await accountsMeant(hearing, who ? { member: who.replace(/^<@!?|[|>].*$/g, '') } : {})
    if (ids instanceof Refusal) return ids
    if (ids.includes(0)) return say(`${unusedText}\n💡 Your account begins with your first position or order`)
    const all = await Promise.all(ids.map(async (id) => ({ id, facts: await factsOf(hearing, id) })))
    if (word === undefined) return say(all.map(({ facts }) => limitsText(facts)).join('\n\n'))
    // For a member with several accounts, it sets the limit in each of them, or returns the refusal of the first that cannot
    // have it.
    for (const { id, facts } of all.slice(1)) {
      const outcome = await change(hearing, id, facts, word, values)
      if (outcome instanceof Refusal) return outcome
    }
    return change(hearing, all[0]!.id, all[0]!.facts, word, values)
  },
}

const limitIn = ({ limits }: Pick<GateFacts, 'limits'>, name: LimitName): Big | undefined => {
  const limit = limits[name]
  return limit === undefined ? undefined : new Big(limit)
}

const factsOf = ({ parts, speaker: { memberId } }: Hearing, accountId: number) =>
  factsNow(parts.db, parts, { accountId, memberId })

/** The limits of a new account. */
const unusedText = [
  '⚙️ LIMITS',
  ...settings.map(({ word, name, says }) => `${word} · ${says(limitIn({ limits: defaultLimits }, name))}`),
].join('\n')

function limitsText(facts: GateFacts): string {
  const isByCap = (name: LimitName) => name === 'dollars' && facts.live && limitIn(facts, name) === undefined
  const lines = settings.map(({ word, name, says, used }) =>
    isByCap(name)
      ? `${word} · an order may be worth what is free of the real money`
      : [`${word} · ${says(limitIn(facts, name))}`, ...(used ? [used(facts)] : [])].join(', '),
  )
  return [
    '⚙️ LIMITS',
    ...lines,
    ...(facts.live ? [liveText(facts.live)] : []),
    buyingPowerText(buyingPower(facts)),
    '💡 Change one with `limits size $50000`; what exits always passes',
  ].join('\n')
}

/** The real money of the member in all accounts with some: what an owner allows, what is at work, and what is free. */
function liveText({ cap, used }: LiveUse): string {
  const atWork = `${dollarsText(used)} is at work`
  if (!cap) return `real money · none is allowed, ${atWork}: nothing opens or adds until an owner says \`allow live\``
  const free = used.lt(cap) ? cap.minus(used) : zero
  return `real money · ${dollarsText(cap)} at most in all, ${atWork}, ${dollarsText(free)} is free`
}

async function change(
  hearing: Hearing,
  accountId: number,
  facts: GateFacts,
  word: string,
  values: string[],
): Promise<Outcome> {
  const { parts, speaker } = hearing
  if (!facts.mayTrade)
    return new Refusal('NOT_ALLOWED', 'You are a viewer: you may look, but not change limits. Nothing was done.')
  const setting = settings.find((one) => one.word === word || one.word === `${word}s`)
  if (!setting)
    return new Refusal('NO_SUCH_LIMIT', 'There is no such limit. Nothing was changed.', `Names are ${words}`)
  const { name, says } = setting
  const value = valueFrom(setting, values)
  if (value === undefined) {
    return new Refusal(
      'LIMIT_OUT_OF_BOUNDS',
      `\`${setting.word}\` takes ${setting.bounds}. Nothing was changed.`,
      `For example \`limits ${setting.word} ${setting.example}\`, or \`limits ${setting.word} default\``,
    )
  }
  const own = value === 'default' ? undefined : value
  const present = limitIn(facts, name)
  const isLoosened = isLooser(own ?? limitIn({ limits: defaultLimits }, name), present)
  if (isLoosened && speaker.role !== 'owner') {
    const sentence = `Only an owner may make a limit looser. Nothing was changed: ${setting.word} · ${says(present)}.`
    return new Refusal('NOT_ALLOWED', sentence, 'You may make it tighter')
  }
  await setLimit(parts.db, accountId, name, own)
  const now = says(limitIn(await factsOf(hearing, accountId), name))
  const hint = speaker.role === 'owner' ? '' : '\n💡 Only an owner makes it looser again'
  return say(`✓ ${setting.word}: ${now}${hint}`)
}

/** The typed value; undefined when it is not valid for the limit. */
function valueFrom({ most, step, name }: Setting, values: string[]): Big | 'default' | undefined {
  const [text = '', more] = values
  if (more !== undefined) return undefined
  if (text === 'default' || (text === 'off' && defaultLimits[name] === undefined)) return 'default'
  const digits = numberIn(text)
  const value = digits === undefined ? undefined : new Big(digits)
  const isFit = value?.gt(0) && value.lte(most) && (!step || isMultiple(value, step))
  return isFit ? value : undefined
}

import { Big } from '../../../base/amounts.ts'
import { dollarsText, momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  allowLive as allow,
  forbidLive as forbid,
  liveAllowances,
  liveUsedBy,
} from '../../../trading/accounts/rows/live-allowances.ts'
import { memberNamed } from '../../../trading/accounts/rows/members.ts'
import { member } from '../../language/slot-words.ts'
import { numberIn } from '../../language/words.ts'
import { type Command, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { personNamed } from '../desk/person.ts'

/** The range of a cap, in dollars. */
const leastCap = new Big(1)
const mostCap = new Big(100_000_000)
/** Words between a member and a cap: `allow live @somebody up to $5,000`. */
const joints = new Set(['up', 'to', 'with', 'for', 'at', 'most', 'money', 'dollars', 'usd', 'a', 'cap', 'of'])

const example = 'For example `allow live @somebody $1,000`, or `allow live me $1,000` for yourself'

export const allowLive: Command = {
  name: 'allow live',
  aliases: ['live allow'],
  description: 'Let a member trade real money, up to a cap (owners only)',
  category: 'Brokers',
  position: 246,
  effect: 'governs',
  usage: 'allow live [@SOMEBODY | me $CAP]',
  example: 'allow live @somebody $1,000',
  detail:
    'Owners only. Without it no order that opens or adds is sent with real money. The cap holds for all accounts of the member with real money together: the cost of what is open, and of working orders that open or add. What exits always passes. `allow live` alone lists who may, `forbid live @somebody` takes it back.',
  needs: 'owner',
  account: 'none',
  options: [{ name: 'whom', type: 'text', description: '@somebody $1,000' }],
  async run(hearing, { words: given }) {
    const { parts, speaker } = hearing
    const said = (given.rest ?? '').trim()
    if (said === '') return listed(hearing)
    const wanted = await wantedIn(hearing, said)
    if (wanted instanceof Refusal) return wanted
    const { who, cap } = wanted
    const atWork = workLines(cap, await liveUsedBy(parts.db, who.id))
    if (given.sure === undefined) {
      const title = `💵 REAL MONEY for ${who.name}, up to ${dollarsText(cap)} at work at once?`
      const lines = [
        title,
        `With an account that ${who.name} links as LIVE, orders for up to ${dollarsText(cap)} in all go to the broker without another word from an owner.`,
        ...atWork,
        numbered(['YES - Allow it', 'NO - Leave it as it is']),
      ]
      const choices = [
        { value: 'yes', label: 'Yes', aliases: ['y'], danger: true },
        { value: 'no', label: 'No', aliases: ['n'] },
      ]
      return choose('sure', title, lines.join('\n'), choices, { ...given, rest: said })
    }
    if (given.sure !== 'yes') return say('OK. Nothing was changed.')
    await allow(parts.db, { memberId: who.id, cap, by: speaker.memberId, at: parts.clock.now() })
    return say(
      [
        `✓ ${who.name} may trade real money, up to ${dollarsText(cap)} at work at once.`,
        ...atWork,
        `💡 \`forbid live ${said.split(/\s+/).find(isPerson)}\` takes it back`,
      ].join('\n'),
    )
  },
}

export const forbidLive: Command = {
  name: 'forbid live',
  aliases: ['live forbid', 'disallow live'],
  description: 'Take the leave to trade real money back (owners only)',
  category: 'Brokers',
  position: 247,
  effect: 'governs',
  usage: 'forbid live @SOMEBODY | me',
  example: 'forbid live @somebody',
  detail:
    'Owners only. From then on nothing opens or adds in accounts of the member with real money. What is open stays, its stops and targets go on, and working orders stand at the broker until they are cancelled.',
  needs: 'owner',
  account: 'none',
  options: [{ name: 'whom', type: 'text', description: '@somebody' }],
  async run(hearing, { words: given }) {
    const who = await personIn(hearing, (given.rest ?? '').trim().split(/\s+/))
    if (who instanceof Refusal) return who
    const was = await forbid(hearing.parts.db, who.id)
    return say(
      was
        ? `✓ ${who.name} may not trade real money any more. What exits still passes; orders that work at the broker stay until they are cancelled.`
        : `✓ ${who.name} may not trade real money, and might not before.`,
    )
  },
}

async function listed({ parts, speaker }: Hearing): Promise<Outcome> {
  const all = await liveAllowances(parts.db)
  if (all.length === 0) return say(`💵 Nobody may trade real money.\n💡 ${example}`)
  const lines = all.map(
    ({ name, cap, used, allowedBy, allowedAt }) =>
      `${name} · up to ${dollarsText(cap)}${used.gt(0) ? `, ${dollarsText(used)} at work` : ''} · by ${allowedBy}, ${momentText(allowedAt, speaker.timeZone)}`,
  )
  return say(['💵 REAL MONEY', ...lines, '💡 `forbid live @somebody` takes it back'].join('\n'))
}

/** The real money that is at work beside a cap, in dollars; empty while there is none. */
function workLines(cap: Big, used: Big): string[] {
  if (used.lte(0)) return []
  if (used.lte(cap))
    return [`${dollarsText(used)} of it is at work already, so ${dollarsText(cap.minus(used))} is free.`]
  return [
    `⚠️ ${dollarsText(used)} is at work already, which is more: nothing more opens or adds until it is less. What is open stays, and orders that work may still be filled; \`cancel\` takes those back.`,
  ]
}

interface Wanted {
  who: { id: number; name: string }
  /** Dollars. */
  cap: Big
}

async function wantedIn(hearing: Hearing, said: string): Promise<Wanted | Refusal> {
  const words = said.split(/\s+/)
  const who = await personIn(hearing, words)
  if (who instanceof Refusal) return who
  const amounts = words.filter((word) => !isPerson(word) && !joints.has(word))
  const digits = amounts.length === 1 ? numberIn(amounts[0]!) : undefined
  if (digits === undefined) return notUnderstood('Up to how many dollars?')
  const cap = new Big(digits)
  if (cap.lt(leastCap) || cap.gt(mostCap) || !cap.round(2).eq(cap))
    return notUnderstood(`A cap is between ${dollarsText(leastCap)} and ${dollarsText(mostCap)}, in whole cents.`)
  return { who, cap }
}

/** An owner's word for themselves: in a terminal nobody can be mentioned. */
const isMe = (word: string) => /^(me|myself)$/i.test(word)

const isPerson = (word: string) =>
  isMe(word) || member.test(word) || /^(discord:\d+|slack:[a-z0-9]+:[a-z0-9]+)$/i.test(word)

/** The member who is named among the words. */
async function personIn({ parts, place, speaker }: Hearing, words: string[]): Promise<Wanted['who'] | Refusal> {
  const [named, another] = words.filter(isPerson)
  if (!named || another) return notUnderstood(named ? 'One member at a time.' : 'Whose real money?')
  if (isMe(named)) return { id: speaker.memberId, name: speaker.name }
  const platformId = await personNamed(parts.db, named.replace(/^<@!?|[|>].*$/g, ''), place)
  if (platformId instanceof Refusal) return platformId
  const known = platformId === undefined ? undefined : await memberNamed(parts.db, platformId)
  return (
    known ??
    new Refusal(
      'UNKNOWN_MEMBER',
      'The desk does not know that member. Nothing was changed.',
      'Mention a member of this platform who has spoken with the desk, or name an id such as `discord:123456`',
    )
  )
}

const notUnderstood = (sentence: string) =>
  new Refusal('LIVE_NOT_UNDERSTOOD', `${sentence} Nothing was changed.`, example)

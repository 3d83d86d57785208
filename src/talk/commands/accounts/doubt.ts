import { Refusal } from '../../../base/refusal.ts'
import { askNow, type InDoubt, ordersInDoubt, saidArrived, saidLost } from '../../../trading/reconcile/doubt.ts'
import { doubtActions, doubtCard, wayOut } from '../../wording/doubt.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

export const showDoubt: Command = {
  name: 'doubt',
  aliases: ['doubts', 'in doubt'],
  description: 'Orders of which nobody knows whether the broker has them',
  category: 'Brokers',
  position: 255,
  effect: 'governs',
  usage: 'doubt [NUMBER ask|never|arrived]',
  example: 'doubt 17 ask',
  detail:
    'When each was sent, how often the broker was asked for it, and what it shows. `doubt 17 ask` asks now; `doubt 17 never`: you looked, and it never arrived; `doubt 17 arrived`: you saw it there. An order is never sent a second time.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'quantity', type: 'quantity', description: 'Its number' },
    {
      name: 'what',
      type: 'choice',
      choices: ['ask', 'never', 'arrived'],
      description: 'Ask now, or say what you saw at the broker',
    },
  ],
  async run(hearing, { words }) {
    const { parts, speaker } = hearing
    const now = parts.clock.now()
    const all = await ordersInDoubt(parts.db, speaker.accountId, now)
    if (words.quantity === undefined) return show(all, now)
    const meant = all.find(
      ({ order }) => String(order.id) === words.quantity || String(order.number) === words.quantity,
    )
    if (!meant) {
      const sentence = `No order ${words.quantity} is in doubt: its outcome is known. Nothing was done.`
      return new Refusal('NOT_IN_DOUBT', sentence, '`doubt` lists those that are, `orders` what works')
    }
    return act(hearing, meant, words.what)
  },
}

function show(all: InDoubt[], now: Date): Outcome {
  if (all.length === 0) return say('✓ No order is in doubt: the outcome of each is known.')
  const cards = all.map((one) => doubtCard(one, now))
  const text = ['⏳ ORDERS IN DOUBT', ...cards].join('\n')
  return { replies: [{ text, actions: all.map(doubtActions) }] }
}

async function act({ parts }: Hearing, meant: InDoubt, what: string | undefined): Promise<Outcome> {
  const { order, refusedBecause } = meant
  if (refusedBecause && (what === 'never' || what === 'arrived')) {
    const sentence = `Order ${order.id} is in no doubt: the broker answers, and refuses it each time (${refusedBecause}), so nothing of it is there. The desk tries it again by itself. Nothing was done.`
    return new Refusal('NOT_IN_DOUBT', sentence, `\`doubt ${order.id} ask\` tries it now; ${wayOut(order)}`)
  }
  switch (what) {
    case 'ask': {
      const asked = await askNow(parts, order)
      if (asked.notices.length > 0) return { replies: repliesOf(asked.notices) }
      if (asked.outcome === 'refused')
        return say(
          `⚠️ Tried again: the broker refuses it (${asked.words ?? 'without a reason'}). Nothing of it is there; the desk goes on trying.\n💡 ${upper(wayOut(order))}`,
        )
      if (asked.outcome !== 'unknown') return say('✓ The broker has answered for it. `orders` shows it.')
      return say(`⏳ The broker was asked: ${asked.words ?? 'no outcome yet'}. The desk goes on asking.`)
    }
    case 'never': {
      const ended = await saidLost(parts, order)
      return ended instanceof Refusal ? ended : { replies: repliesOf(ended) }
    }
    case 'arrived':
      await saidArrived(parts, order)
      return say(
        '✓ NOTED: it arrived. It stays set aside until the broker shows what became of it.\n💡 `doubt` shows it again',
      )
    default:
      return show([meant], parts.clock.now())
  }
}

const upper = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`

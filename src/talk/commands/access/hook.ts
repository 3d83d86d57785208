import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { endHooks, type HookOfAccount, hooksOf, makeHook, mostHooks } from '../../../trading/access/rows/hooks.ts'
import { accountFor } from '../../../trading/accounts/rows/accounts.ts'
import { plain } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { onlyHere, onlyInChat, servedPage } from './page-link.ts'
import { accountText, mayMakeTokens } from './token.ts'

export const makeHooks: Command = {
  name: 'hook',
  aliases: ['hooks', 'webhook', 'webhooks'],
  description: 'Addresses to which alerts of others post commands',
  category: 'Desk',
  position: 148,
  effect: 'sets',
  usage: 'hook [new | end NUMBER | end all]',
  example: 'hook new',
  detail:
    'Gives you an address for alerts such as TradingView’s. What is posted there is a command of yours, in words (`sell half BYND`) or as JSON (docs/api.md), whole or not at all; the desk answers here, where the hook was made. The address is a secret and is shown once, to you alone. Owners may make hooks, and whom they let make tokens.',
  needs: 'trader',
  account: 'opens',
  options: [{ name: 'what', type: 'text', description: 'new, or end 2' }],
  asks: () => false,
  async run(hearing, { words }) {
    const elsewhere = onlyInChat(hearing, 'hook')
    if (elsewhere) return elsewhere
    const said = plain(words.rest ?? '')
    if (said === 'new') return make(hearing)
    const [, which] = /^(?:end|revoke|delete) (all|\d+)$/.exec(said) ?? []
    if (which !== undefined) return end(hearing, which === 'all' ? undefined : Number(which))
    if (said === '' || said === 'list') return list(hearing)
    return new Refusal(
      'HOOK_NOT_UNDERSTOOD',
      'I did not understand that. Nothing was done.',
      '`hook new` makes one, `hook end 2` ends one',
    )
  },
}

async function make(hearing: Hearing): Promise<Outcome> {
  const { parts, speaker, place } = hearing
  const barred = await mayMakeTokens(hearing)
  if (barred) return barred
  const address = await servedPage(parts)
  if (address instanceof Refusal) return address
  await accountFor(parts.db, speaker)
  const { memberId, accountId, conversationId } = speaker
  const made = await makeHook(parts.db, { memberId, accountId, conversationId }, parts.clock.now())
  if (made === 'too many')
    return new Refusal(
      'TOO_MANY_HOOKS',
      `You have ${mostHooks} hooks, which is the most. Nothing was made.`,
      '`hook` lists them',
    )
  const { number } = made.hook
  const text = [
    `🪝 HOOK ${number}: ${address}/hooks/${made.secret}`,
    'Whoever has this address can give your commands: keep it like a password. It is shown this once; answers come here.',
    ...onlyHere(address, place),
    `💡 Post \`sell half BYND\`, or {"symbol": "BYND", "action": "sell", "quantity": 100}; \`hook end ${number}\` ends it`,
  ].join('\n')
  return { replies: [{ text, private: true }] }
}

async function list({ parts, speaker }: Hearing): Promise<Outcome> {
  const hooks = await hooksOf(parts.db, speaker.memberId)
  if (hooks.length === 0) return say('🪝 You have no hooks.\n💡 `hook new` makes one')
  const lineOf = ({ number, account, waits, createdAt, usedAt }: HookOfAccount) => {
    const used = usedAt ? `last used ${momentText(usedAt, speaker.timeZone)}` : 'not used yet'
    return `${number}. account ${accountText({ account, waits })} · made ${momentText(createdAt, speaker.timeZone)} · ${used}`
  }
  return say(['🪝 YOUR HOOKS', ...hooks.map(lineOf), `💡 \`hook end ${hooks[0]!.number}\` ends one`].join('\n'))
}

async function end({ parts, speaker }: Hearing, number: number | undefined): Promise<Outcome> {
  const ended = await endHooks(parts.db, speaker.memberId, parts.clock.now(), number)
  if (ended.length > 0) return say(`✓ Ended: hook ${ended.map((one) => one.number).join(', ')}.`)
  const which = number === undefined ? 'no hooks' : `no hook ${number}`
  return new Refusal('NO_SUCH_HOOK', `You have ${which}. Nothing was changed.`, '`hook` lists yours')
}

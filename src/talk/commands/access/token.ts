import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  endTokens,
  letMakeTokens,
  makesTokens,
  makeToken,
  mostTokens,
  type TokenOfAccount,
  tokensOf,
} from '../../../trading/access/rows/api-tokens.ts'
import { accountFor, accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import { plain } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { personNamed } from '../desk/person.ts'
import { onlyInChat } from './page-link.ts'

const example = 'For example `token new robot read`; a name has letters, digits, - and _'

export const apiTokens: Command = {
  name: 'token',
  aliases: ['tokens', 'api token'],
  description: 'Tokens with which programs use your desk',
  category: 'Desk',
  position: 147,
  effect: 'sets',
  usage: 'token [new NAME read|trade | end NAME | allow @SOMEBODY | deny @SOMEBODY]',
  example: 'token new robot read',
  detail: `A program uses the API with a token: one that reads, or one that may trade, for the account in use here. It is shown once, to you alone; \`token end NAME\` revokes it at once. Owners may make tokens, and \`token allow @somebody\` lets others. By itself: your tokens.`,
  needs: 'viewer',
  account: 'opens',
  options: [{ name: 'what', type: 'text', description: 'new NAME read, or end NAME' }],
  asks: () => false,
  async run(hearing, { words }) {
    const elsewhere = onlyInChat(hearing, 'token')
    if (elsewhere) return elsewhere
    const said = plain(words.rest ?? '')
    const [, name, scope] = /^(?:new|make|create) (\S+) (read|trade)$/.exec(said) ?? []
    if (name !== undefined) return make(hearing, name, scope === 'trade')
    const [, ended] = /^(?:end|revoke|delete) (\S+)$/.exec(said) ?? []
    if (ended !== undefined) return revoke(hearing, ended)
    const [, way, who] = /^(allow|deny) <?@?!?(\S+?)>?$/.exec(said) ?? []
    if (who !== undefined) return allow(hearing, who, way === 'allow')
    if (said === '' || said === 'list') return list(hearing)
    return new Refusal('TOKEN_NOT_UNDERSTOOD', 'I did not understand that. Nothing was done.', example)
  },
}

/** The refusal of a member who may make no tokens and hooks; undefined for one who may. */
export async function mayMakeTokens({ parts, speaker }: Hearing): Promise<Refusal | undefined> {
  if (speaker.role === 'owner' || (await makesTokens(parts.db, speaker.memberId))) return undefined
  const sentence = 'Owners decide who may make tokens and hooks, and nobody has let you. Nothing was made.'
  return new Refusal('TOKENS_NOT_ALLOWED', sentence, 'Ask an owner for `token allow @you`')
}

async function make(hearing: Hearing, name: string, trades: boolean): Promise<Outcome> {
  const { parts, speaker } = hearing
  const barred = await mayMakeTokens(hearing)
  if (barred) return barred
  if (!/^[a-z][a-z0-9_-]{0,31}$/i.test(name))
    return new Refusal(
      'NAME_NOT_ALLOWED',
      `\`${name.slice(0, 40)}\` is no name for a token. Nothing was made.`,
      example,
    )
  if (trades && speaker.role === 'viewer')
    return new Refusal(
      'NOT_ALLOWED',
      'You are a viewer, and so your tokens only read. Nothing was made.',
      `\`token new ${name} read\``,
    )
  await accountFor(parts.db, speaker)
  const { memberId, accountId } = speaker
  const made = await makeToken(parts.db, { memberId, accountId, name, trades }, parts.clock.now())
  if (made === 'taken')
    return new Refusal(
      'NAME_TAKEN',
      `You have a token ${name} already. Nothing was made.`,
      `\`token end ${name}\` revokes it`,
    )
  if (made === 'too many')
    return new Refusal(
      'TOO_MANY_TOKENS',
      `You have ${mostTokens} tokens, which is the most. Nothing was made.`,
      '`token` lists them',
    )
  const account = (await accountsOf(parts.db, memberId)).find(({ id }) => id === accountId)
  const text = [
    `🔑 TOKEN ${name}: ${trades ? 'reads and trades' : 'reads'} · account ${account?.name ?? accountId}`,
    `\`${made.token}\``,
    'It is shown this once. Whoever has it can use it: keep it like a password.',
    `💡 \`Authorization: Bearer …\` at /api (docs/api.md); \`token end ${name}\` revokes it`,
  ].join('\n')
  return { replies: [{ text, private: true }] }
}

async function revoke({ parts, speaker }: Hearing, name: string): Promise<Outcome> {
  const ended = await endTokens(parts.db, speaker.memberId, parts.clock.now(), name === 'all' ? undefined : name)
  if (ended.length > 0) return say(`✓ Revoked: ${ended.map((one) => one.name).join(', ')}.`)
  return new Refusal(
    'NO_SUCH_TOKEN',
    `You have no token ${name.slice(0, 40)}. Nothing was changed.`,
    '`token` lists yours',
  )
}

async function list({ parts, speaker }: Hearing): Promise<Outcome> {
  const tokens = await tokensOf(parts.db, speaker.memberId)
  if (tokens.length === 0) return say('🔑 You have no tokens.\n💡 `token new robot read` makes one')
  const lines = tokens.map(({ name, trades, account, waits, usedAt }) => {
    const used = usedAt ? `last used ${momentText(usedAt, speaker.timeZone)}` : 'not used yet'
    return `${name} · ${trades ? 'trades' : 'reads'} · account ${accountText({ account, waits })} · ${used}`
  })
  return say(['🔑 YOUR TOKENS', ...lines, `💡 \`token end ${tokens[0]!.name}\` revokes one`].join('\n'))
}

/** The account of a token or a hook, and whether it waits for its link. */
export const accountText = ({ account, waits }: Pick<TokenOfAccount, 'account' | 'waits'>) =>
  waits ? `${account}, not linked: it does nothing until \`link\` links that again` : account

/** Lets a member make tokens, or not any more; owners say so. */
async function allow({ parts, speaker, place }: Hearing, who: string, may: boolean): Promise<Outcome> {
  if (speaker.role !== 'owner') return new Refusal('NOT_ALLOWED', 'Only an owner may do that. Nothing was changed.')
  const platformId = await personNamed(parts.db, who, place)
  if (platformId instanceof Refusal) return platformId
  const member =
    platformId === undefined
      ? undefined
      : await parts.db
          .selectFrom('member_identities as i')
          .innerJoin('members as m', 'm.id', 'i.member_id')
          .where('i.platform_id', '=', platformId)
          .select(['m.id', 'm.name'])
          .executeTakeFirst()
  if (!member) {
    const sentence = `The desk does not know ${who.slice(0, 40)}. Nothing was changed.`
    return new Refusal(
      'UNKNOWN_MEMBER',
      sentence,
      'Mention somebody who has spoken with the desk, as in `token allow @somebody`',
    )
  }
  await letMakeTokens(parts.db, member.id, may)
  return say(
    may
      ? `✓ ${member.name} may make tokens and hooks.`
      : `✓ ${member.name} may make no more tokens and hooks; those that are there stay.`,
  )
}

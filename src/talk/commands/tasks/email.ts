import { Refusal } from '../../../base/refusal.ts'
import { noMailServer } from '../../../strategies/runs/notify/targets.ts'
import {
  askAddress,
  codeGoodMs,
  confirmAddress,
  emailsOf,
  forgetAddress,
  mostCodes,
} from '../../../trading/accounts/rows/emails.ts'
import { plain } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

/** Parts of an address that every server takes, and none that could end the line of a message. */
const address = /^[a-z0-9._%+'-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/

export const setEmail: Command = {
  name: 'email',
  aliases: ['e-mail', 'my email'],
  description: 'Your e-mail address, to which the end of a run can be sent',
  category: 'Background',
  position: 126,
  effect: 'sets',
  usage: 'email [ADDRESS | CODE | off]',
  example: 'email you@example.com',
  detail: `Names an address of yours. A code is sent there, and \`email 123456\` confirms it within ${codeGoodMs / 60_000} minutes. From then on \`screen breakout email\` writes you when the run has ended. \`email off\` forgets the address.`,
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'what', type: 'text', description: 'An address, a code, or off' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '').replace(/^<(.*)>$/, '$1')
    if (said === '') return show(hearing)
    // An address is a person's, so no program sets it for them.
    if (hearing.byProgram) return onlyPeople()
    if (said === 'off') return forget(hearing)
    if (/^\d{6}$/.test(said)) return confirm(hearing, said)
    if (!address.test(said) || said.length > 254) return noAddress(said)
    return askFor(hearing, said)
  },
}

async function show({ parts, speaker }: Hearing): Promise<Outcome> {
  const { address, asked } = await emailsOf(parts.db, speaker.memberId)
  const lines = [
    address === undefined ? '✉️ You have no confirmed e-mail address.' : `✉️ Your e-mail address is ${masked(address)}.`,
    ...(asked === undefined ? [] : [`${masked(asked)} waits for its code: \`email 123456\``]),
    address === undefined
      ? '💡 `email you@example.com` sets one'
      : '💡 `screen breakout email` writes you when the run has ended, `email off` forgets the address',
  ]
  return say(lines.join('\n'))
}

async function askFor({ parts, speaker }: Hearing, said: string): Promise<Outcome> {
  if (!parts.runs.mailer) return noMailServer('changed')
  const { memberId, conversationId } = speaker
  const asked = await parts.db.transaction().execute((trx) => askAddress(trx, memberId, said, conversationId))
  if (asked === 'known') return say(`✉️ ${masked(said)} is your address already.`)
  if (asked === 'too many') {
    const sentence = `You have asked for ${mostCodes} codes in a day. Nothing was changed.`
    return new Refusal('TOO_MANY_CODES', sentence, 'Try again tomorrow')
  }
  return say(
    `✉️ A code is on its way to ${masked(said)}.\n💡 Say \`email 123456\` with the code of the mail, within ${codeGoodMs / 60_000} minutes`,
  )
}

async function confirm({ parts, speaker }: Hearing, code: string): Promise<Outcome> {
  const done = await parts.db.transaction().execute((trx) => confirmAddress(trx, speaker.memberId, code))
  if (typeof done === 'object')
    return say(
      `✓ ${masked(done.address)} is your e-mail address.\n💡 \`screen breakout email\` writes you when the run has ended`,
    )
  const why = {
    none: 'No address of yours waits for a code.',
    wrong: 'That is not the code.',
    old: 'That code is no longer good: it was tried too often, or is too old.',
  }[done]
  const instead = done === 'wrong' ? 'Look at the last mail' : '`email you@example.com` sends another'
  return new Refusal('WRONG_CODE', `${why} Nothing was changed.`, instead)
}

async function forget({ parts, speaker }: Hearing): Promise<Outcome> {
  const isGone = await forgetAddress(parts.db, speaker.memberId)
  return say(isGone ? '✓ Your e-mail address is forgotten.' : '✉️ There is no e-mail address of yours.')
}

function noAddress(said: string): Refusal {
  const sentence = `"${said.slice(0, 60)}" is no e-mail address and no code of six digits. Nothing was changed.`
  return new Refusal('NOT_UNDERSTOOD', sentence, 'For example `email you@example.com`, `email 123456` or `email off`')
}

const onlyPeople = () =>
  new Refusal('NOT_ALLOWED', 'A program sets no e-mail address. Nothing was changed.', 'Say it in a thread yourself')

/** An address as others in a thread may see it: `y…@example.com`. */
const masked = (email: string) => email.replace(/^(.)[^@]*/, '$1…')

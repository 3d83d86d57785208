import { Refusal } from '../../base/refusal.ts'
import type { Inbound } from '../chat/inbound.ts'

/** The text that stands for a message with a secret, wherever the desk keeps or reads it. */
export const withheld = '[not kept: it looks like a secret key]'

/** Secrets that have a form of their own, by the place where they are revoked. */
const known: [RegExp, string][] = [
  [/\b(PK|AK|CK)[A-Z0-9]{18,24}\b/, 'Alpaca: app.alpaca.markets, API Keys, Regenerate'],
  [/\bxox[abeprs]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}/, 'Slack: api.slack.com/apps, your app, Revoke'],
  [/\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/, 'Discord: discord.com/developers, your app, Bot, Reset Token'],
  [/\b(sk|rk)-[\w-]{20,}|\b(sk|rk)_live_\w{10,}/, 'the service that gave it out'],
  [/\bgh[opsur]_\w{30,}|\bgithub_pat_\w{20,}/, 'GitHub: Settings, Developer settings'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'AWS: IAM, Access keys'],
  [/\bAIza[\w-]{35}/, 'Google Cloud: Credentials'],
  [/\bdh_[\w-]{43}/, 'the desk: `token`'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'the service that it opens'],
]
/** A word of this form, with small and capital letters and digits, is no word of any language. */
const bare = /^[A-Za-z0-9+/_=-]{32,128}$/

/** The place where a secret in a text is revoked; undefined when there seems to be none. */
export function secretIn(text: string): string | undefined {
  const form = known.find(([pattern]) => pattern.test(text))
  if (form) return form[1]
  const words = text.split(/[\s"'`<>(){}[\],;:|]+|\*\*/)
  return words.some(isRandom) ? 'the broker or service that gave it out' : undefined
}

function isRandom(word: string): boolean {
  if (!bare.test(word) || /^(0x|\/\/)/i.test(word)) return false
  const digits = word.match(/\d/g)?.length ?? 0
  if (digits < 2 || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return false
  // Random letters and digits change their kind at every other sign; words, paths and names do not.
  const changes = word.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[a-zA-Z])/g)?.length ?? 0
  return changes >= word.length / 4
}

/** The same message without its secret, and where that is revoked; undefined when it holds none. */
export function withoutSecret(inbound: Inbound): { inbound: Inbound; revokedAt: string } | undefined {
  const revokedAt = textsOf(inbound)
    .map((text) => secretIn(text))
    .find((place) => place !== undefined)
  if (revokedAt === undefined) return undefined
  switch (inbound.kind) {
    case 'message':
      return { inbound: { ...inbound, text: withheld }, revokedAt }
    case 'command':
      return {
        inbound: { ...inbound, options: {}, ...(inbound.about !== undefined && { about: withheld }) },
        revokedAt,
      }
    case 'press':
      return { inbound: { ...inbound, answer: withheld, ...(inbound.more && { more: [] }) }, revokedAt }
  }
}

function textsOf(inbound: Inbound): string[] {
  if (inbound.kind === 'message') return [inbound.text]
  if (inbound.kind === 'press') return [inbound.answer, ...(inbound.more ?? [])]
  // The message that a command is used on is not the speaker's, but it is kept as little as theirs.
  return [...Object.values(inbound.options), ...(inbound.about === undefined ? [] : [inbound.about])]
}

const said = 'That looks like a secret key. I have neither kept nor read it'
const revoke = (revokedAt: string) =>
  `Revoke it now (${revokedAt}): others may have seen it. \`link\` takes keys safely`

/** The refusal of a message with a secret; `isRemoved`: the door took the message away. */
export function secretRefusal(revokedAt: string, isRemoved: boolean): Refusal {
  const rest = isRemoved
    ? ', and the message is deleted.'
    : '. I could not delete the message here: delete it yourself.'
  return new Refusal('SECRET_SAID', `${said}${rest}`, revoke(revokedAt))
}

import { Refusal } from '../../../base/refusal.ts'

/** Where else the end of a run is told: `true` is a direct message; a webhook gets a signed POST, the member's own address a mail. */
export type Wanted = boolean | { dm?: boolean; webhook?: string; email?: boolean }

/** The webhooks that a desk may call, and whether it sends mail. */
export interface TargetRules {
  /** Signs what webhooks get; without it none is called. */
  secret?: string
  /** Addresses of the desk's own network, and `http:`, are called as well. */
  allowsPrivate: boolean
  /** It has a mail server. */
  sendsMail?: boolean
}

const longestUrl = 500

/** The targets of a run as its row keeps them: `dm`, `email`, `webhook:https://…`. `hasAddress`: the member has a confirmed one. */
export async function readTargets(
  wanted: Wanted | undefined,
  rules: TargetRules,
  hasAddress: () => Promise<boolean>,
): Promise<string[] | Refusal> {
  if (!wanted) return []
  if (wanted === true) return ['dm']
  const { dm, webhook, email } = wanted
  const wrong =
    (webhook === undefined ? undefined : wrongWebhook(webhook, rules)) ??
    (email ? await noMail(rules, hasAddress) : undefined)
  if (wrong) return wrong
  const hooks = webhook === undefined ? [] : [`webhook:${new URL(webhook).href}`]
  return [...(dm ? ['dm'] : []), ...(email ? ['email'] : []), ...hooks]
}

async function noMail({ sendsMail }: TargetRules, hasAddress: () => Promise<boolean>): Promise<Refusal | undefined> {
  if (!sendsMail) return noMailServer('started')
  if (await hasAddress()) return undefined
  const sentence = 'You have no confirmed e-mail address. Nothing was started.'
  return new Refusal('WRONG_TARGET', sentence, '`email you@example.com` sets one')
}

/** The refusal of a desk without a mail server. */
export function noMailServer(done: 'started' | 'changed'): Refusal {
  const sentence = `This desk sends no e-mail. Nothing was ${done}.`
  return new Refusal('WRONG_TARGET', sentence, 'Its operator sets SMTP_URL and MAIL_FROM')
}

function wrongWebhook(url: string, { secret, allowsPrivate }: TargetRules): Refusal | undefined {
  const refuse = (sentence: string, instead: string) =>
    new Refusal('WRONG_TARGET', `${sentence} Nothing was started.`, instead)
  if (secret === undefined) return refuse('This desk calls no webhooks.', 'Its operator sets WEBHOOK_SECRET')
  if (url.length > longestUrl || !URL.canParse(url))
    return refuse('The webhook is no address.', 'Give a whole https URL')
  const { protocol, username, password } = new URL(url)
  if (username || password) return refuse('The webhook has a name or a password in it.', 'Check the signature instead')
  if (protocol === 'https:' || (protocol === 'http:' && allowsPrivate)) return undefined
  return refuse('The webhook is no https address.', 'Give a whole https URL')
}

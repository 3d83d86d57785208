import { Refusal } from '../../../base/refusal.ts'

/** Where else the end of a run is told: `true` is a direct message; a webhook gets a signed POST. */
export type Wanted = boolean | { dm?: boolean; webhook?: string }

/** The webhooks that a desk may call. */
export interface TargetRules {
  /** Signs what webhooks get; without it none is called. */
  secret?: string
  /** Addresses of the desk's own network, and `http:`, are called as well. */
  allowsPrivate: boolean
}

const longestUrl = 500

/** The targets of a run as its row keeps them: `dm`, `webhook:https://…`. */
export async function readTargets(wanted: Wanted | undefined, rules: TargetRules): Promise<string[] | Refusal> {
  if (!wanted) return []
  if (wanted === true) return ['dm']
  const { dm, webhook } = wanted
  if (webhook === undefined) return dm ? ['dm'] : []
  const wrong = wrongWebhook(webhook, rules)
  return wrong ?? [...(dm ? ['dm'] : []), `webhook:${new URL(webhook).href}`]
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

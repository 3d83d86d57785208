import { isIP } from 'node:net'
import { z } from 'zod'
import type { ProviderSettings } from './market/feeds/feed-options.ts'
import { type MarketError, parseMarkets } from './market/spec.ts'
import { type CredentialKeysError, readCredentialKeys } from './venues/links/credential-keys.ts'

const owner = /^(discord:\d+|slack:[A-Z0-9]+:[A-Z0-9]+)$/

const blankIsUnset = (environment: Record<string, string | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''))

const isUrl = (text: string, protocols: string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol)

const url = (protocols: string[]) =>
  z.string().refine((text) => isUrl(text, protocols), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/** One Redis, or several nodes of a Redis Cluster with commas between them. */
const redisUrls = z
  .string()
  .refine((text) => text.split(',').every((one) => isUrl(one.trim(), ['redis:', 'rediss:'])), {
    message: 'must be a URL that begins with redis:// or rediss://, or several with commas for a Redis Cluster',
  })

/** Is a text an address, or a network such as `10.0.0.0/8`? */
function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const kind = isIP(address)
  if (kind === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128))
}

/** `id:base64 of 32 bytes`, with commas between several: the first key seals, all of them open. For credentials and for backups. */
const credentialKeys = z
  .string()
  .default('')
  .transform((text, context) => {
    try {
      return readCredentialKeys(text)
    } catch (cause) {
      context.addIssue({ code: 'custom', message: (cause as CredentialKeysError).message })
      return z.NEVER
    }
  })

/** `off`, or a time between backups: `12h`, `90m`, `1d`; in milliseconds, from a minute to a month. */
const backupEvery = z
  .string()
  .default('1d')
  .transform((text, context) => {
    if (text.trim() === 'off') return undefined
    const [, count, unit] = /^(\d{1,4})(m|h|d)$/.exec(text.trim()) ?? []
    const ms = Number(count) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[(unit ?? 'm') as 'm' | 'h' | 'd']
    if (ms >= 60_000 && ms <= 31 * 86_400_000) return ms
    context.addIssue({ code: 'custom', message: 'must be off, or a time such as 30m, 12h or 1d, up to 31d' })
    return z.NEVER
  })

/** Exchanges of CCXT whose accounts members link, by CCXT's ids. */
const exchanges = z
  .string()
  .default('kraken,coinbase,binance')
  .transform((text) =>
    text
      .split(',')
      .map((id) => id.trim().toLowerCase())
      .filter(Boolean),
  )
  .refine(
    (ids) => ids.every((id) => /^[a-z0-9]{2,30}$/.test(id) && !['paper', 'alpaca', 'tradestation'].includes(id)),
    {
      message: 'must be a comma-separated list of ids of CCXT, such as kraken,coinbase',
    },
  )

/** Items that commas separate. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )

/** Other hosts for exchanges: `kraken=http://127.0.0.1:8080,…`. */
const exchangeUrls = list
  .refine((all) => all.every((one) => /^[a-z0-9]+=https?:\/\/\S+$/.test(one)), {
    message: 'must be a comma-separated list such as kraken=http://127.0.0.1:8080',
  })
  .transform((all) => new Map(all.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)])))

/** Addresses of feeds of headlines; `{symbol}` in one stands for the symbol that is asked about. */
const newsFeeds = list.refine(
  (all) => all.length <= 20 && all.every((one) => isUrl(one.replaceAll('{symbol}', 'A'), ['https:', 'http:'])),
  {
    message: 'must be a comma-separated list of at most 20 addresses, such as https://example.com/rss?s={symbol}',
  },
)

const whole = (least: number, most: number) =>
  z.coerce.number(`must be a number from ${least} to ${most}`).int().min(least).max(most)

const environment = z.object({
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  REDIS_URL: redisUrls,
  DISCORD_TOKEN: z.string().optional(),
  DISCORD_API: url(['http:', 'https:']).optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must begin with xoxb-').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must begin with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_API: url(['http:', 'https:']).optional(),
  MARKET: z.string().default('sim'),
  ALPACA_API: url(['http:', 'https:']).default('https://api.alpaca.markets'),
  ALPACA_PAPER_API: url(['http:', 'https:']).default('https://paper-api.alpaca.markets'),
  ALPACA_DATA_API: url(['http:', 'https:']).default('https://data.alpaca.markets'),
  ALPACA_DATA_STREAM: url(['ws:', 'wss:']).default('wss://stream.data.alpaca.markets'),
  ALPACA_AUTHORIZE: url(['http:', 'https:']).default('https://app.alpaca.markets/oauth/authorize'),
  ALPACA_OAUTH_CLIENT_ID: z.string().optional(),
  ALPACA_OAUTH_CLIENT_SECRET: z.string().optional(),
  ALPACA_KEY_ID: z.string().optional(),
  ALPACA_SECRET_KEY: z.string().optional(),
  ALPACA_FEED: z.enum(['iex', 'sip', 'delayed_sip'], { error: 'must be iex, sip or delayed_sip' }).default('iex'),
  TRADESTATION_API: url(['http:', 'https:']).default('https://api.tradestation.com'),
  TRADESTATION_SIM_API: url(['http:', 'https:']).default('https://sim-api.tradestation.com'),
  TRADESTATION_SIGN_IN: url(['http:', 'https:']).default('https://signin.tradestation.com'),
  TRADESTATION_OAUTH_CLIENT_ID: z.string().optional(),
  TRADESTATION_OAUTH_CLIENT_SECRET: z.string().optional(),
  TRADESTATION_REFRESH_TOKEN: z.string().optional(),
  CCXT_EXCHANGES: exchanges,
  CCXT_URLS: exchangeUrls,
  YAHOO_API: url(['http:', 'https:']).optional(),
  ALPHAVANTAGE_API: url(['http:', 'https:']).default('https://www.alphavantage.co'),
  ALPHAVANTAGE_KEY: z.string().optional(),
  NEWS_FEEDS: newsFeeds,
  VENUE: z.literal('paper', 'must be paper').default('paper'),
  CREDENTIALS_KEYS: credentialKeys,
  BACKUP_FOLDER: z.string().optional(),
  BACKUP_EVERY: backupEvery,
  BACKUP_KEEP: whole(1, 10_000).default(14),
  BACKUP_KEY: credentialKeys,
  PAPER_FILLS: z.enum(['whole', 'parts'], { error: 'must be whole or parts' }).default('whole'),
  PAPER_SEED: whole(0, 1_000_000_000).default(1),
  PAPER_SLIPPAGE_BPS: z.coerce.number('must be a number of basis points').min(0).max(1000).default(1),
  PAPER_COMMISSION: z.coerce.number('must be dollars per share').min(0).max(100).default(0),
  EXIT_DEADLINE_SECONDS: whole(1, 3600).default(60),
  QUOTE_MAX_AGE_SECONDS: z.coerce.number('must be a number of seconds').positive().default(15),
  MONITOR_SWEEP_SECONDS: whole(5, 60).default(30),
  TIME_SCALE: z.coerce.number('must be a number from 1 to 3600').min(1).max(3600).default(1),
  DESKHAND_OWNERS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    )
    .refine((ids) => ids.every((id) => owner.test(id)), {
      message: 'must be a comma-separated list of discord:USER_ID or slack:TEAM_ID:USER_ID',
    }),
  LLM_BASE_URL: url(['http:', 'https:']).optional(),
  LLM_API_KEY: z.string().optional(),
  LLM_MODEL: z.string().optional(),
  LLM_TIMEOUT_SECONDS: z.coerce.number('must be a number of seconds from 1 to 110').min(1).max(110).default(30),
  LLM_CONCURRENCY: whole(1, 200).default(8),
  LLM_DAILY_CALLS: whole(0, 1_000_000).default(200),
  LLM_DAILY_TOKENS: whole(0, 1_000_000_000).default(1_000_000),
  MESSAGES_PER_MINUTE: whole(1, 100_000).default(60),
  ALERTS_PER_MINUTE: whole(1, 1000).default(10),
  ALERT_WINDOW_MINUTES: whole(1, 1440).default(10),
  RETAIN_DAYS: whole(0, 36_500)
    .refine((days) => days === 0 || days >= 7, { message: 'must be 0, which keeps everything, or at least 7 days' })
    .default(90),
  MAX_CONCURRENT_EXECUTIONS: whole(1, 16).default(2),
  MAX_QUEUE_SIZE: whole(1, 1000).default(10),
  EXECUTION_TIMEOUT: whole(10, 86_400).default(1800),
  UNIVERSES_FOLDER: z.string().default('universes'),
  WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]{0,80} <)?[^\s<>@,;:"]+@[^\s<>@,;:"]+>?$/, 'must be an address, such as desk@example.com')
    .optional(),
  WEBHOOK_PRIVATE: z.enum(['refused', 'allowed'], { error: 'must be refused or allowed' }).default('refused'),
  PORT: whole(0, 65535).optional(),
  HOST: z
    .string()
    .refine((host) => isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host), {
      message: 'must be an address of this machine, such as 127.0.0.1, 0.0.0.0 (all of them) or a name',
    })
    .default('127.0.0.1'),
  PUBLIC_URL: url(['http:', 'https:'])
    .refine((text) => ['', '/'].includes(new URL(text).pathname) && new URL(text).search === '', {
      message: 'must be an address without a path, such as https://desk.example.com',
    })
    .optional(),
  TRUST_PROXY: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .refine((proxies) => proxies.every(isNetwork), {
      message: 'must be a comma-separated list of addresses or networks, such as 127.0.0.1, 10.0.0.0/8',
    }),
  METRICS_FROM: z.enum(['anywhere', 'loopback'], { error: 'must be anywhere or loopback' }).default('anywhere'),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
  LOG_FILE: z.string().optional(),
})

/** The parsed environment. The README's table has the formats and defaults. */
export type Config = z.infer<typeof environment>

/** An error that names all wrong environment variables in one message. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Parses the environment into a Config. Throws one `ConfigError` that names all wrong variables and contains no value. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const set = blankIsUnset(variables)
  const parsed = environment.safeParse(set)
  const wrong = parsed.success ? contradictions(parsed.data) : parsed.error.issues.map((issue) => sentence(issue, set))
  wrong.push(...wrongMarket(set.MARKET))
  if (wrong.length > 0) {
    throw new ConfigError(`The environment is not right:\n${wrong.map((line) => `  ${line}`).join('\n')}`)
  }
  return parsed.data!
}

function sentence(issue: z.core.$ZodIssue, set: Record<string, unknown>): string {
  const name = String(issue.path[0])
  return `${name} ${set[name] === undefined ? 'is not set' : issue.message}`
}

function wrongMarket(spec = 'sim'): string[] {
  try {
    parseMarkets(spec)
    return []
  } catch (cause) {
    return [(cause as MarketError).message]
  }
}

/** The settings of the providers of prices. */
export function providerSettings(config: Config): ProviderSettings {
  return {
    alpaca: {
      api: config.ALPACA_API,
      paperApi: config.ALPACA_PAPER_API,
      dataApi: config.ALPACA_DATA_API,
      dataStream: config.ALPACA_DATA_STREAM,
      keyId: config.ALPACA_KEY_ID ?? '',
      secret: config.ALPACA_SECRET_KEY ?? '',
      feed: config.ALPACA_FEED,
    },
    tradestation: {
      api: config.TRADESTATION_API,
      signIn: config.TRADESTATION_SIGN_IN,
      clientId: config.TRADESTATION_OAUTH_CLIENT_ID ?? '',
      clientSecret: config.TRADESTATION_OAUTH_CLIENT_SECRET ?? '',
      refreshToken: config.TRADESTATION_REFRESH_TOKEN ?? '',
    },
    yahoo: { api: config.YAHOO_API },
    alphavantage: { api: config.ALPHAVANTAGE_API, key: config.ALPHAVANTAGE_KEY },
    exchangeUrls: config.CCXT_URLS,
  }
}

function contradictions(config: Config): string[] {
  const wrong: string[] = []
  if (
    config.TIME_SCALE !== 1 &&
    !config.MARKET.split(',').every((name) => /^(sim(:|$)|quotes:|replay:)/.test(name.trim()))
  ) {
    wrong.push('TIME_SCALE may only be set with MARKET=sim, quotes:FILE or replay:FOLDER')
  }
  const markets = config.MARKET.split(',').map((name) => name.trim())
  if (markets.includes('alpaca') && !(config.ALPACA_KEY_ID && config.ALPACA_SECRET_KEY)) {
    wrong.push('MARKET=alpaca needs ALPACA_KEY_ID and ALPACA_SECRET_KEY, the key with which prices are read')
  }
  if (markets.includes('tradestation') && !(config.TRADESTATION_REFRESH_TOKEN && config.TRADESTATION_OAUTH_CLIENT_ID)) {
    wrong.push(
      'MARKET=tradestation needs TRADESTATION_REFRESH_TOKEN, TRADESTATION_OAUTH_CLIENT_ID and TRADESTATION_OAUTH_CLIENT_SECRET, the sign-in with which prices are read',
    )
  }
  if (markets.includes('alphavantage') && !config.ALPHAVANTAGE_KEY) {
    wrong.push('MARKET=alphavantage needs ALPHAVANTAGE_KEY')
  }
  if ((config.SMTP_URL === undefined) !== (config.MAIL_FROM === undefined)) {
    wrong.push('SMTP_URL and MAIL_FROM are set together, or neither')
  }
  if ((config.LLM_BASE_URL === undefined) !== (config.LLM_MODEL === undefined)) {
    wrong.push('LLM_BASE_URL and LLM_MODEL are set together, or neither')
  } else if (config.LLM_API_KEY !== undefined && config.LLM_BASE_URL === undefined) {
    wrong.push('LLM_BASE_URL is not set, but LLM_API_KEY is')
  }
  if ((config.ALPACA_OAUTH_CLIENT_ID === undefined) !== (config.ALPACA_OAUTH_CLIENT_SECRET === undefined)) {
    wrong.push('ALPACA_OAUTH_CLIENT_ID and ALPACA_OAUTH_CLIENT_SECRET are set together, or neither')
  }
  if ((config.TRADESTATION_OAUTH_CLIENT_ID === undefined) !== (config.TRADESTATION_OAUTH_CLIENT_SECRET === undefined)) {
    wrong.push('TRADESTATION_OAUTH_CLIENT_ID and TRADESTATION_OAUTH_CLIENT_SECRET are set together, or neither')
  }
  if (config.SLACK_BOT_TOKEN && !config.SLACK_APP_TOKEN && !config.SLACK_SIGNING_SECRET) {
    wrong.push('SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it')
  }
  if (!config.SLACK_BOT_TOKEN && (config.SLACK_APP_TOKEN || config.SLACK_SIGNING_SECRET)) {
    wrong.push('SLACK_BOT_TOKEN is not set, but another Slack variable is')
  }
  return wrong
}

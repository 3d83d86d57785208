import { describe, expect, test } from 'vitest'
import { ConfigError, providerSettings, readConfig } from '../../src/config.ts'
import fc from '../support/fast-check.ts'

const needed = {
  DATABASE_URL: 'postgres://desk:hunter2@127.0.0.1:5432/desk',
  REDIS_URL: 'redis://:hunter2@127.0.0.1:6379',
}

/** The errors of an environment, a line each; empty when it is valid. */
function wrongWith(variables: Record<string, string>): string[] {
  try {
    readConfig({ ...needed, ...variables })
    return []
  } catch (cause) {
    expect(cause).toBeInstanceOf(ConfigError)
    const [title, ...lines] = (cause as Error).message.split('\n')
    expect(title).toBe('The environment is not right:')
    return lines.map((line) => line.trim())
  }
}

test('where Postgres and Redis are is all that has to be said', () => {
  expect(readConfig(needed)).toMatchObject({
    ...needed,
    MARKET: 'sim',
    VENUE: 'paper',
    TIME_SCALE: 1,
    PAPER_COMMISSION: 0,
    PAPER_FILLS: 'whole',
    PAPER_SEED: 1,
    DESKHAND_OWNERS: [],
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
  })
})

test('a variable that is empty counts as not set', () => {
  const blank = Object.fromEntries(
    ['MARKET', 'TIME_SCALE', 'DISCORD_TOKEN', 'DESKHAND_OWNERS'].map((name) => [name, ' ']),
  )
  expect(readConfig({ ...needed, ...blank })).toEqual(readConfig(needed))
})

test('owners are a list of platform ids', () => {
  const { DESKHAND_OWNERS } = readConfig({ ...needed, DESKHAND_OWNERS: 'discord:42, slack:T1:U2 ,' })
  expect(DESKHAND_OWNERS).toEqual(['discord:42', 'slack:T1:U2'])
})

describe('time is hurried', () => {
  test.each(['sim', 'sim:42', 'quotes:prices.csv', 'replay:data/minute', 'sim, quotes:prices.csv'])(
    'with MARKET=%s',
    (MARKET) => {
      expect(wrongWith({ MARKET, TIME_SCALE: '60' })).toEqual([])
    },
  )

  test.each(['yahoo', 'sim,yahoo', 'alpaca', 'simulated'])('never with MARKET=%s', (MARKET) => {
    expect(wrongWith({ MARKET, TIME_SCALE: '60' })).toContain(
      'TIME_SCALE may only be set with MARKET=sim, quotes:FILE or replay:FOLDER',
    )
  })

  test.each(['0', '0.5', '-60', '3601', 'fast', 'Infinity', 'NaN'])('never %s times', (TIME_SCALE) => {
    expect(wrongWith({ TIME_SCALE })).toHaveLength(1)
  })
})

describe('providers of prices', () => {
  test('need their keys', () => {
    expect(wrongWith({ MARKET: 'alpaca,alphavantage', ALPACA_KEY_ID: 'PK1' })).toEqual([
      'MARKET=alpaca needs ALPACA_KEY_ID and ALPACA_SECRET_KEY, the key with which prices are read',
      'MARKET=alphavantage needs ALPHAVANTAGE_KEY',
    ])
  })

  test('are asked at their own addresses, or at others', () => {
    const keys = { ALPACA_KEY_ID: 'PK1', ALPACA_SECRET_KEY: 's' }
    const { alpaca } = providerSettings(readConfig({ ...needed, ...keys, ALPACA_DATA_API: 'http://127.0.0.1:1' }))
    expect(alpaca).toMatchObject({ dataApi: 'http://127.0.0.1:1', paperApi: 'https://paper-api.alpaca.markets' })
  })

  test('know three feeds of Alpaca', () => {
    expect(wrongWith({ ALPACA_FEED: 'fastest' })).toEqual(['ALPACA_FEED must be iex, sip or delayed_sip'])
  })
})

test('every wrong variable is named, all of them in one message', () => {
  const wrong = {
    DATABASE_URL: 'mysql://desk@db',
    REDIS_URL: 'somewhere',
    DISCORD_API: 'ftp://x',
    SLACK_BOT_TOKEN: 'abc',
    SLACK_APP_TOKEN: 'def',
    SLACK_API: 'not a url',
    VENUE: 'nyse',
    PAPER_FILLS: 'some',
    PAPER_SEED: 'luck',
    PAPER_SLIPPAGE_BPS: '-1',
    PAPER_COMMISSION: 'free',
    QUOTE_MAX_AGE_SECONDS: '0',
    TIME_SCALE: 'fast',
    DESKHAND_OWNERS: 'alice',
    LLM_BASE_URL: 'localhost',
    LLM_TIMEOUT_SECONDS: '0',
    LLM_CONCURRENCY: 'many',
    LLM_DAILY_CALLS: '-1',
    LLM_DAILY_TOKENS: '1.5',
    RETAIN_DAYS: '3',
    BACKUP_EVERY: 'weekly',
    BACKUP_KEEP: '0',
    BACKUP_KEY: 'a:short',
    MAX_CONCURRENT_EXECUTIONS: '0',
    MAX_QUEUE_SIZE: 'all',
    EXECUTION_TIMEOUT: '1',
    WEBHOOK_SECRET: 'short',
    WEBHOOK_PRIVATE: 'yes',
    NEWS_FEEDS: 'https://example.com/rss, ftp://example.com/news',
    PORT: '99999',
    HOST: 'http://127.0.0.1',
    METRICS_TOKEN: 'short',
    METRICS_FROM: 'here',
    PUBLIC_URL: 'https://desk.example.com/page',
    TRUST_PROXY: '127.0.0.1, proxy.internal',
    LOG_LEVEL: 'loud',
  }
  expect(
    wrongWith(wrong)
      .map((line) => line.split(' ')[0])
      .sort(),
  ).toEqual(Object.keys(wrong).sort())
})

test.each(['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost', 'desk-1.internal'])('%s is an address to bind', (HOST) => {
  expect(readConfig({ ...needed, HOST }).HOST).toBe(HOST)
})

test.each(['127.0.0.1:3000', '-x', 'a b', '*', '1.2.3.4/24'])('%s is no address to bind', (HOST) => {
  expect(wrongWith({ HOST })).toEqual([expect.stringContaining('HOST must be an address of this machine')])
})

test('proxies are addresses and networks', () => {
  const TRUST_PROXY = ' 127.0.0.1, 10.0.0.0/8,fd00::/8 '
  expect(readConfig({ ...needed, TRUST_PROXY }).TRUST_PROXY).toEqual(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
  for (const wrong of ['10.0.0.0/33', '10.0.0.0/8/8', '::/129', 'all', '10.0.0'])
    expect(wrongWith({ TRUST_PROXY: wrong })).toEqual([expect.stringContaining('TRUST_PROXY must be')])
})

test('what has to be set and is not is named', () => {
  expect(() => readConfig({})).toThrow(
    'The environment is not right:\n  DATABASE_URL is not set\n  REDIS_URL is not set',
  )
})

test.each([
  [
    { SLACK_BOT_TOKEN: 'xoxb-1' },
    'SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it',
  ],
  [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN is not set, but another Slack variable is'],
  [{ SLACK_SIGNING_SECRET: 's' }, 'SLACK_BOT_TOKEN is not set, but another Slack variable is'],
])('half of the Slack variables are not enough: %j', (variables, line) => {
  expect(wrongWith(variables)).toEqual([line])
})

test.each([
  [{ LLM_BASE_URL: 'http://127.0.0.1:1/v1' }, 'LLM_BASE_URL and LLM_MODEL are set together, or neither'],
  [{ LLM_MODEL: 'local' }, 'LLM_BASE_URL and LLM_MODEL are set together, or neither'],
  [{ LLM_API_KEY: 'sk-1' }, 'LLM_BASE_URL is not set, but LLM_API_KEY is'],
])('half of a model is none: %j', (variables, line) => {
  expect(wrongWith(variables)).toEqual([line])
})

test.each(['moon', 'quotes:', 'replay:', ',', 'sim,,sim'])(
  'a market that there is not is said in a sentence: %j',
  (MARKET) => {
    expect(wrongWith({ MARKET })).toHaveLength(1)
  },
)

test('no message has the value of a variable that may be a secret in it', () => {
  const secrets = [
    'DATABASE_URL',
    'REDIS_URL',
    'DISCORD_TOKEN',
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'LLM_API_KEY',
    'LLM_BASE_URL',
  ]
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/)
  fc.assert(
    fc.property(fc.constantFrom(...secrets), secret, fc.boolean(), (name, value, asUrl) => {
      const lines = wrongWith({
        [name]: asUrl ? `mysql://user:${value}@db/x` : value,
        LOG_LEVEL: 'loud',
        DISCORD_API: value,
      })
      expect(lines.length).toBeGreaterThan(1)
      expect(lines.join('\n')).not.toContain(value)
    }),
  )
})

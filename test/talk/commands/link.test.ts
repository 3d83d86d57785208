import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { linkablesOf } from '../../../src/venues/links/linkables.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test } = deskTest({ worker: false, environment: { CCXT_EXCHANGES: 'coinbase' } })
const linkables = [
  ...linkablesOf(readConfig({ DATABASE_URL: 'postgres://db', REDIS_URL: 'redis://cache' }), () => new Date()).keys(),
]
const offered = (text: string) => [...text.matchAll(/`link ([a-z]+)`/g)].map(([, venue]) => venue!)

test('each venue that can be linked is in the page about linking, and in no other word there', async () => {
  const page = await readFile('docs/linking.md', 'utf8')
  const documented = new Set(offered(page).filter((word) => word !== 'confirm' && word !== 'cancel'))
  expect([...documented].sort()).toEqual([...linkables].sort())
})

test('hints offer only venues that this desk links', async ({ alice }) => {
  for (const words of ['link', 'link confirm', 'link cancel', 'link robinhood', 'link kraken']) {
    const answer = await alice.say(words)
    expect(answer, words).toContain('Nothing was done')
    expect(offered(answer), words).toEqual(['alpaca', 'tradestation', 'coinbase'])
  }
})

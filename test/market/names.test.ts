import Big from 'big.js'
import { describe, expect, test } from 'vitest'
import { companyNames } from '../../src/market/company-names.ts'
import {
  commonSymbol,
  instrumentsLike,
  listingOf,
  nameOf,
  spellingIn,
  symbolNamed,
  symbolNear,
} from '../../src/market/names.ts'

const market = (...symbols: [symbol: string, name?: string][]) => {
  const listed = symbols.map(([symbol, name = symbol]) => ({ symbol, name, lot: new Big(1), tick: new Big('0.01') }))
  return {
    instruments: () => listed,
    instrument: (named: string) => listed.find(({ symbol }) => symbol === named.toUpperCase()),
  }
}
const stocks = market(
  ['BYND', 'Beyond Meat'],
  ['PLTR'],
  ['KO'],
  ['BAC'],
  ['ALL'],
  ['DIS'],
  ['DFS'],
  ['SOL-USD'],
  ['BTC-USD', 'Bitcoin'],
  ['EURUSD=X'],
)

describe('a name', () => {
  test.each([
    ['palantir', 'PLTR'],
    ['Palantir', 'PLTR'],
    ['beyond meat', 'BYND'],
    ['Coca-Cola', 'KO'],
    ['coca cola', 'KO'],
    ['coke', 'KO'],
    ['bank of america', 'BAC'],
    ['bitcoin', 'BTC-USD'],
    ['btc', 'BTC-USD'],
    ['solana', 'SOL-USD'],
    ['discover', 'DFS'],
    // Two words are no name of one word.
    ['dis cover', undefined],
    // The market has no such instrument.
    ['tesla', undefined],
    ['doge', undefined],
    ['', undefined],
  ])('%j is %s', (name, symbol) => expect(symbolNamed(stocks, name)).toBe(symbol))

  test('has a symbol of its own where the market does not trade it', () => {
    expect(commonSymbol('tesla')).toBe('TSLA')
    expect(commonSymbol('nobody')).toBeUndefined()
  })

  test('is of the market first, then the common one, and else the symbol', () => {
    expect(nameOf({ symbol: 'BYND', name: 'Beyond Meat, Inc.' })).toBe('Beyond Meat, Inc.')
    expect(nameOf({ symbol: 'ALL', name: 'ALL' })).toBe('Allstate')
    expect(nameOf({ symbol: 'WXYZ', name: 'WXYZ' })).toBe('WXYZ')
  })

  test('belongs to one symbol, but for names that two symbols had in turn', () => {
    const named = [...companyNames.values()].flat()
    expect(named.filter((name, at) => named.indexOf(name) !== at)).toEqual(['Facebook'])
    expect([...companyNames.keys()].filter((symbol) => !/^[A-Z]{1,5}([.-][A-Z]{1,3})?$/.test(symbol))).toEqual([])
  })
})

test.each([
  ['sol/usd', 'SOL-USD'],
  ['SOLUSD', 'SOL-USD'],
  ['sol-usd', 'SOL-USD'],
  ['eur/usd', 'EURUSD=X'],
  ['sol/eur', undefined],
  ['usd', undefined],
])('the pair %j is %s', (pair, symbol) => expect(spellingIn(stocks, pair)).toBe(symbol))

describe('completion', () => {
  const found = (typed: string) => instrumentsLike(stocks, typed, 25).map(({ symbol }) => symbol)
  test('finds by the symbol and by the name, what begins so first', () => {
    expect(found('b').slice(0, 3)).toEqual(['BYND', 'BAC', 'BTC-USD'])
    expect(found('bank')).toEqual(['BAC'])
    expect(found('meat')).toEqual(['BYND'])
    expect(found('$by')).toEqual(['BYND'])
    expect(found('btc')).toEqual(['BTC-USD'])
    expect(found('state')).toEqual(['ALL'])
    expect(found('zzz')).toEqual([])
  })
  test('shows all, within its limit, where nothing is typed', () => {
    expect(instrumentsLike(stocks, '', 3)).toHaveLength(3)
  })
})

describe('a provider’s list of thousands', () => {
  const words = ['Alpha', 'Beyond', 'Cedar', 'Delta', 'Ember', 'Forge', 'Granite', 'Harbor', 'Iris', 'Juniper']
  const list = Array.from({ length: 11_000 }, (_, index) => {
    const letters = [...String(index).padStart(5, '0')].map((digit) => 'QWXYZJKVBU'[Number(digit)])
    return {
      symbol: letters.join(''),
      name: `${words[index % 10]} ${words[Math.floor(index / 10) % 10]} ${index}, Inc.`,
    }
  })
  const known = [
    { symbol: 'TGT', name: 'Target Corporation' },
    { symbol: 'XYZQ', name: 'Block, Inc.' },
    { symbol: 'BYND', name: 'Beyond Meat, Inc.' },
    { symbol: 'PGNY', name: 'Progyny, Inc.' },
  ]
  const large = listingOf([...list, ...known])

  test('makes no share of the words of commands', () => {
    for (const word of ['target', 'block']) expect(symbolNamed(large, word)).toBeUndefined()
    expect(symbolNamed(large, 'target corporation')).toBe('TGT')
    expect(symbolNamed(large, 'beyond meat')).toBe('BYND')
    expect(symbolNamed(large, 'progyny')).toBe('PGNY')
  })

  test('is indexed once, and anew when the provider has another list', () => {
    let listed: { symbol: string; name: string }[] = list
    let reads = 0
    const market = {
      instruments: () => listed,
      instrument: (symbol: string) => listed.find((one) => one.symbol === symbol),
    }
    const counted = new Proxy(listed, {
      get: (of, field, receiver) => {
        if (field === Symbol.iterator) reads += 1
        return Reflect.get(of, field, receiver)
      },
    })
    listed = counted
    for (const typed of ['b', 'be', 'bey', 'beyond']) expect(instrumentsLike(market, typed, 25)).toHaveLength(25)
    expect(reads).toBe(1)
    listed = [...list, { symbol: 'NEWS', name: 'Newly Listed' }]
    expect(instrumentsLike(market, 'newly', 25)).toEqual([{ symbol: 'NEWS', name: 'Newly Listed' }])
  })
})

test('a name with one typing error is that name, and no other word is one', () => {
  expect(['nvdia', 'palantr', 'mircosoft', 'disnye', 'dinsey'].map(symbolNear)).toEqual([
    'NVDA',
    'PLTR',
    'MSFT',
    'DIS',
    'DIS',
  ])
  expect(['nvidia', 'interest', 'looking', 'aple', 'xvidia', 'palan'].map(symbolNear)).toEqual(Array(6).fill(undefined))
})

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { scratchFolder } from '../../src/setup/folders.mjs'
import { exchanges, openSession } from './a-session.ts'

/** Bid and ask of BYND and AMD; BTC-USD trades at any hour, so the tests of times use it. */
const quotes = ({ bynd = '0.62,0.64,0.63', amd = '117.98,118.02,118', btc = '63000,63010,63005' } = {}) => [
  `BYND,${bynd}`,
  `AMD,${amd}`,
  `BTC-USD,${btc}`,
]

const yesOrNo = (yes: string, no: string) => `  1️⃣  YES - ${yes}\n  2️⃣  NO - ${no}\n\n💡 Reply with 1 or 2`
const works = (number: number) =>
  `💡 Order ${number}: \`move ${number} PRICE\` changes it, \`cancel ${number}\` takes it back`
const notUnderstood = '🤷 I did not understand that. Type `help` for what I understand'
const howToClose = '  1️⃣  Market - Close immediately\n  2️⃣  Limit - Enter your limit price\n\n💡 Reply with 1 or 2'
const speeds = [
  'How fast should I scale out?',
  '  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)',
  '  2️⃣  MEDIUM - Next 10-15 minutes (8-12 chunks)',
  '  3️⃣  SLOW - Next hour (10-15 chunks)',
  '  4️⃣  SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)',
  '  5️⃣  CUSTOM - Your own length, chunks or price limit',
  '',
  '💡 Reply with 1, 2, 3, 4 or 5',
].join('\n')

/** Types a script at once and expects each reply, word for word. */
async function follows(script: [line: string, said: string][], last = '', environment: Record<string, string> = {}) {
  const session = await openSession(quotes(), environment)
  session.type(...script.map(([line]) => line))
  const { transcript, code, errors } = await session.end()
  expect(code, errors).toBe(0)
  const told = transcript.replace(/\b\d+ s old/g, '0 s old')
  const expected = script.map(([line, said]): [string, string] => [line, said])
  if (last) expected.at(-1)![1] += `\n\n${last}`
  expect(exchanges(told)).toEqual(expected)
}

/** An empty home folder for a desk, and a spy on the names that its processes look up. */
function outside() {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [home, names] = [join(folder, 'home'), join(folder, 'names')]
  mkdirSync(home)
  writeFileSync(names, '')
  const spy = `--import ${new URL('name-spy.ts', import.meta.url).href}`
  return {
    // Runtimes leave telemetry off where CI is set.
    environment: { HOME: home, XDG_CACHE_HOME: '', CI: '', NODE_OPTIONS: spy, NAME_SPY: names },
    written: () => readdirSync(home, { recursive: true }),
    names: () => readFileSync(names, 'utf8').split('\n').filter(Boolean),
  }
}

describe('a script on a pipe', () => {
  test('closes by market and by limit, lists, moves and cancels working orders, and records again in three ways', async () => {
    const close = `🚪 CLOSE LONG 3,750 BYND @ $0.63 · now $0.62, P&L $-37.50\n${howToClose}`
    const already = [
      '❓ You are already LONG 2,000 BYND @ $0.55.',
      'What is LONG 5,000 @ $0.60?',
      '  1️⃣  ADD - Together: LONG 7,000 BYND @ $0.5857',
      '  2️⃣  UPDATE - Correct it to LONG 5,000 BYND @ $0.60, keep the realized P&L',
      "  3️⃣  REPLACE - Book the old one's P&L, begin with LONG 5,000 BYND @ $0.60",
      '',
      '💡 Reply with 1, 2, or 3',
    ].join('\n')
    await follows(
      [
        ['long BYND 3750 @ .63', '✓ LONG 3,750 BYND @ $0.63'],
        ['close', close],
        ['2', 'Enter your limit price to sell 3,750 BYND:'],
        ['1.05', `✓ LIMIT SELL ORDER 3,750 BYND @ $1.05 (working)\n${works(1)}`],
        [
          'orders',
          '📋 WORKING ORDERS\n1 · SELL 3,750 BYND @ $1.05 · 0 s old · 69.35% from $0.62\n💡 `move 1 PRICE` changes the price, `cancel 1` takes it back',
        ],
        ['move 1 1.10', `✓ LIMIT SELL ORDER 3,750 BYND @ $1.10 (working, was $1.05)\n${works(1)}`],
        ['cancel 1', '✓ CANCELLED order 1: LIMIT SELL 3,750 BYND @ $1.10'],
        ['close', close],
        ['1.05', `✓ LIMIT SELL ORDER 3,750 BYND @ $1.05 (working)\n${works(2)}`],
        ['cancel all', '✓ CANCELLED order 2: LIMIT SELL 3,750 BYND @ $1.05'],
        ['close', close],
        ['market', '✓ SOLD 3,750 BYND @ $0.62\nP&L: $-37.50\nPosition: FLAT'],
        [
          'undo',
          '⚠️ An order cannot be undone: selling 3,750 BYND was filled.\n💡 Trade the other way, or look at `positions`',
        ],
        ['long BYND 2000 @ .55', '✓ LONG 2,000 BYND @ $0.55'],
        ['long 5000 @ .60', already],
        ['1', '✓ LONG 7,000 BYND @ $0.5857 (added 5,000 @ $0.60)'],
        [
          'undo',
          '↩️ UNDONE: recording LONG 5,000 @ $0.60 with LONG 2,000 BYND @ $0.55\nPosition: LONG 2,000 BYND @ $0.55',
        ],
        ['long 5000 @ .60', already],
        ['update', '✓ LONG 5,000 BYND @ $0.60 (was LONG 2,000 BYND @ $0.55)'],
        [
          'undo',
          '↩️ UNDONE: updating LONG 2,000 BYND @ $0.55 to LONG 5,000 BYND @ $0.60\nPosition: LONG 2,000 BYND @ $0.55',
        ],
        ['long 5000 @ .60', already],
        [
          '3',
          '❓ At what price did LONG 2,000 BYND @ $0.55 end?\n  1️⃣  Market - $0.62, P&L $+140.00\n  2️⃣  Price - Enter the price that it ended at\n\n💡 Reply with 1 or 2',
        ],
        ['1', '✓ LONG 5,000 BYND @ $0.60\nReplaced: LONG 2,000 BYND @ $0.55, ended @ $0.62, P&L $+140.00'],
        ['close now', '✓ SOLD 5,000 BYND @ $0.62\nP&L: $+100.00\nPosition: FLAT'],
        ['long BYND 100 @ .60', '✓ LONG 100 BYND @ $0.60'],
        ['stop .50', '🛑 STOP SET — LONG 100 BYND @ $0.60\nStop: $0.50 (-16.67%)\nCurrent: $0.63, 20.63% away'],
        ['undo', '↩️ UNDONE: stop $0.50 of LONG 100 BYND @ $0.60\nPosition: LONG 100 BYND @ $0.60'],
        ['flat', '✓ SOLD 100 BYND @ $0.62\nP&L: $+2.00\nPosition: FLAT'],
        ['long BYND 100 @ .60', '✓ LONG 100 BYND @ $0.60'],
        ['close @ 1.00', `✓ LIMIT SELL ORDER 100 BYND @ $1.00 (working)\n${works(3)}`],
      ],
      '⏸ 1 working order waits for the next start of the desk. Until then nobody looks at the market for it; what expires or falls due before is not done.',
    )
  })

  test('buys, adds, trims and sells, asks about large orders and about orders that would reverse a position', async () => {
    const confirm = (order: string, about: string, all: string) =>
      `🤔 CONFIRM: ${order}\nAt the market, about ${about} each, ${all} in all\nMore than the $25,000.00 above which the desk asks (\`confirm\`).\n${yesOrNo('Send it', 'Leave it')}`
    await follows([
      ['buy 500 AMD', confirm('BUY 500 AMD', '$118.02', '$59,010.00')],
      ['2', 'OK, nothing was ordered.'],
      ['buy 500 AMD', confirm('BUY 500 AMD', '$118.02', '$59,010.00')],
      ['1', '✓ BOUGHT 500 AMD @ $118.02\nPosition: LONG 500 AMD @ $118.02'],
      [
        'confirm above 100000',
        '✓ Orders above $100,000.00 are asked about before they are sent.\n💡 Change it with `confirm above 10000`',
      ],
      ['add 100 @ 117', `✓ LIMIT BUY ORDER 100 AMD @ $117.00 (working)\n${works(1)}`],
      ['move 1 118.02', '✓ BOUGHT 100 AMD @ $118.02 (limit order 1)\nPosition: LONG 600 AMD @ $118.02'],
      ['add 100', '✓ BOUGHT 100 AMD @ $118.02\nPosition: LONG 700 AMD @ $118.02'],
      ['trim 30%', '✓ SOLD 210 AMD @ $117.98\nP&L: $-8.40\nPosition: LONG 490 AMD @ $118.02'],
      ['sell 90 AMD', '✓ SOLD 90 AMD @ $117.98\nP&L: $-3.60\nPosition: LONG 400 AMD @ $118.02'],
      [
        'sell 600 AMD',
        '🤔 SELL 600 AMD\nAt the market, about $117.98 each, $70,788.00 in all\nYou have LONG 400 AMD @ $118.02.\n  1️⃣  Sell the 400 only\n  2️⃣  Sell 600 and be SHORT 200\n  3️⃣  Nothing\n\n💡 Reply with 1, 2, or 3',
      ],
      [
        '2',
        '✓ SOLD 400 AMD @ $117.98\nP&L: $-16.00\nPosition: FLAT\n\n✓ SOLD SHORT 200 AMD @ $117.98\nPosition: SHORT 200 AMD @ $117.98',
      ],
      ['buy 100 BYND', '✓ BOUGHT 100 BYND @ $0.64\nPosition: LONG 100 BYND @ $0.64'],
      [
        'close all',
        `🚪 CLOSE ALL 2 POSITIONS at the market?\nSHORT 200 AMD @ $117.98 · P&L $-4.00\nLONG 100 BYND @ $0.64 · P&L $-1.00\n${yesOrNo('Close them now', 'Leave them')}`,
      ],
      [
        '1',
        '✓ BOUGHT BACK 200 AMD @ $118.02\nP&L: $-8.00\nPosition: FLAT\n\n✓ SOLD 100 BYND @ $0.62\nP&L: $-2.00\nPosition: FLAT',
      ],
      ['positions', '📂 No open positions.\n💡 Record one with `long BYND 100`'],
      ['long BTC-USD 1 @ 60000', '✓ LONG 1 BTC-USD @ $60,000.00'],
    ])
  })

  test('understands words of its owners, asks about typing mistakes and guesses, and leaves chatter alone', async () => {
    const meant = (what: string) => `🤔 Did you mean: ${what}?\n${yesOrNo('Do it', 'Leave it')}`
    const away = outside()
    const zones = (line: string) => [line, expect.any(String)] as unknown as [string, string]
    await follows(
      [
        ['alias puke = close now', '✓ `puke` is `close now` from now on, for everybody.'],
        ['long BYND 3750 @ .63', '✓ LONG 3,750 BYND @ $0.63'],
        ["don't close it yet", notUnderstood],
        ['he went long 5k', notUnderstood],
        ['lol I should have closed', notUnderstood],
        ['what a day 😀', notUnderstood],
        ['clsoe bynd now', meant('close BYND, at the market')],
        ['2', 'OK. Nothing was done.'],
        ['can you close bynd?', meant('close BYND')],
        ['no', 'OK. Nothing was done.'],
        ['peel off a third of bynd', meant('trim a third of BYND')],
        ['1', '✓ SOLD 1,250 BYND @ $0.62\nP&L: $-12.50\nPosition: LONG 2,500 BYND @ $0.63'],
        [
          'close bynd sideways',
          '⚠️ I did not understand "sideways". Nothing was done.\n💡 Usage: `close [SYMBOL] [QTY | half | 30%] [now | @ LIMIT]`',
        ],
        ['puke', '✓ SOLD 2,500 BYND @ $0.62\nP&L: $-25.00\nPosition: FLAT'],
        ['unalias puke', '✓ `puke` means nothing any more.'],
        ['alias list', '🗣️ No words of your own yet.\n💡 An owner adds one with `alias puke = close`'],
        zones('timezone Europe/Berlin'),
        [
          'timezone Nowhere/City',
          '⚠️ I do not know the time zone nowhere/city. Nothing was changed.\n💡 Such as `timezone Europe/Berlin` or `timezone America/New_York`',
        ],
        ['notify on', '🔔 You will get a direct message when a background task ends.\n💡 `notify off` ends that'],
        [
          'notify',
          '🔔 You get a direct message when a background task ends.\n💡 `notify off` ends that\n🚨 What is critical is told in its thread, without a mention of you.\n💡 `notify critical ping` mentions you there, `notify critical dm` writes to you',
        ],
        ['tasks', '💤 Nothing runs in the background.\n💡 `history` shows what ran before'],
      ],
      '',
      away.environment,
    )
    // The model was asked, and neither it nor anything else left the machine or wrote outside of the desk's folders.
    expect(away.written()).toEqual([])
    expect(away.names()).toEqual([])
  })

  test('fills a limit when the market gets there, and carries out scheduled commands once', async () => {
    // A price at which an account of $100,000 can buy four.
    const btc = '6300,6301,6300.5'
    const session = await openSession(quotes({ btc }))
    session.type('confirm above 1000000', 'long BYND 3750 @ .63')
    await session.until('close @ 0.70', `✓ LIMIT SELL ORDER 3,750 BYND @ $0.70 (working)\n${works(1)}`)
    session.quotes(...quotes({ bynd: '0.71,0.73,0.72', btc }))
    await session.sees('✓ SOLD 3,750 BYND @ $0.71 (limit order 1)\nP&L: $+300.00\nPosition: FLAT\n')

    await session.until(
      'buy 100 AMD if it breaks 120',
      '⏰ BUY 100 AMD at the market if it gets to $120.00 or above until you cancel it\n💡 `schedule` lists what is planned, `schedule cancel 2` takes it back',
    )
    await session.until('tasks', '⏱️ RUNNING TASKS\n2. ⏰ BUY 100 AMD at the market if it gets to $120.00 or above')
    session.quotes(...quotes({ amd: '120.49,120.51,120.5', btc }))
    await session.sees('⏰ NOW: BUY 100 AMD at the market\n')
    await session.sees('✓ BOUGHT 100 AMD @ $120.51\nPosition: LONG 100 AMD @ $120.51\n')
    await session.until('task 2', 'TASK 2')

    // Works at any hour: the test's time zone is the one in which it is noon now.
    const toNoon = new Date().getUTCHours() - 12
    await session.until(`timezone Etc/GMT${toNoon < 0 ? toNoon : `+${toNoon}`}`, '✓ Your time zone is')
    await session.until('buy 1 BTC-USD at 3am', 'has passed already')
    await session.until('buy 4 BTC-USD in 1 minute', '⏰ BUY 4 BTC-USD at the market ')
    await session.sees('✓ BOUGHT 4 BTC-USD @ $6,301.00\nPosition: LONG 4 BTC-USD @ $6,301.00\n')
    await session.until(
      'sell 1 BTC-USD @ 7000 if price hits within 1 minute',
      '✓ LIMIT SELL ORDER 1 BTC-USD @ $7,000.00 (working',
    )
    await session.sees('⌛ EXPIRED order 2: LIMIT SELL 1 BTC-USD @ $7,000.00\nNothing was traded.\n')
    await session.until(
      'sell 1 BTC-USD if it breaks 7000 within 1 minute',
      '⏰ SELL 1 BTC-USD at the market if it gets to $7,000.00',
    )
    await session.sees(
      '⌛ EXPIRED: SELL 1 BTC-USD at the market if it gets to $7,000.00 or above\nThe price did not get there by ',
    )
    await session.until('history', '📜 HISTORY')
    session.type(
      'schedule',
      'trim 1 BTC-USD in 2 minutes',
      'scaleout BTC-USD in 5 minutes fast',
      'buy 1 BTC-USD if it drops under 5000',
    )
    const { transcript, code, errors } = await session.end()
    expect(code, errors).toBe(0)
    expect(transcript).toContain('⏰ Nothing is scheduled.')
    expect(transcript).toContain('✓ SOLD 1 BTC-USD @ $6,300.00\nP&L: $-1.00\nPosition: LONG 3 BTC-USD @ $6,301.00\n')
    expect(transcript).toContain('⏰ NOW: SCALE OUT of BTC-USD, FAST\n')
    expect(transcript).toMatch(/🎉 SCALEOUT COMPLETE - BTC-USD\n.*\nTotal P&L: \$-3\.00\nPosition: FLAT\n/)
    expect(transcript).toMatch(
      /⏸ 1 order for later waits for the next start of the desk\. Until then nobody looks at the market for it; what expires or falls due before is not done\.\n\n$/,
    )
    for (const once of ['✓ SOLD 3,750 BYND', '✓ BOUGHT 100 AMD', '✓ BOUGHT 4 BTC-USD', '✓ SOLD 1 BTC-USD'])
      expect(transcript.split(once)).toHaveLength(2)
  })

  test('scales out of one, of several and with the market, advises, and draws', async () => {
    const session = await openSession()
    session.type(
      'guardian off', // the simulated prices are far from these entries, and it would ask about them in between
      'long AMD 120 @ 118',
      'long NVDA 50 @ 120',
      'long TSLA 40 @ 250',
      'long BYND 375 @ .63',
      'long AAPL 90 @ 150',
    )
    await session.until('should i exit amd', '🤖 EXIT ANALYSIS — AMD\n')
    await session.sees('💡 Reply with 1, 2, or 3. Nothing is done before')
    await session.until('1', '✓ SOLD 120 AMD @ ')
    await session.until('advise nvda', '3️⃣  HOLD AND TRAIL - Stop ')
    await session.until('3', '✓ HOLD AND TRAIL — NVDA: the stop is at ')
    await session.until('should i exit tsla?', '2️⃣  SCALE OUT 50% - 20 over the next 10-15 minutes')
    await session.until('2', '🔄 SCALEOUT INITIATED - TSLA\nMode: MEDIUM (10-15 minutes)\nTotal Quantity: 20\n')
    await session.until('cancel scaleout tsla', '🛑 SCALEOUT CANCELLED - TSLA (by you)\n')
    await session.until('tasks', '💤 Nothing runs in the background.')
    await session.until('scaleout TSLA BYND', speeds)
    await session.until('1', '🔄 SCALEOUT INITIATED - 2 positions\nMode: FAST (1-3 minutes)\n')
    await session.sees('🎉 SCALEOUT COMPLETE - 2 positions\n')
    await session.until('scaleout smart aapl', '🔄 SCALEOUT INITIATED - AAPL\nMode: SMART')
    const pictures: [line: string, head: string][] = [
      ['vwap bynd', '📊 VWAP — BYND'],
      ['rvol bynd', '📊 RELATIVE VOLUME — BYND'],
      ['vp bynd', '📊 VOLUME PROFILE — BYND'],
      ['rsi bynd 5m', '📊 RSI — BYND (5m bars)'],
      ['macd bynd', '📊 MACD — BYND'],
      ['atr bynd', '📊 ATR — BYND'],
      ['levels bynd', '📊 SUPPORT AND RESISTANCE — BYND'],
      ['chart BYND 1d', '📈 BYND 1d — 66 bars'],
      ['pl chart', '📈 EQUITY AND P&L'],
    ]
    session.type(...pictures.map(([line]) => line))
    const { transcript, code, errors } = await session.end()
    expect(code, errors).toBe(0)
    expect(transcript).toContain('🎉 SCALEOUT COMPLETE - AAPL\n') // the smart one: a script waits until it has ended
    const said = new Map(exchanges(transcript))
    for (const [line, head] of pictures) {
      expect(said.get(line)).toContain(head)
      expect(said.get(line)).toMatch(/[▁▂▃▄▅▆▇█]{2,}\n🖼️ /)
      const [, file] = /🖼️ (\S+\.png)/.exec(said.get(line)!)!
      expect(file!.startsWith(session.folder)).toBe(true)
      expect(readFileSync(file!).subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
    }
  })
})

import { expect } from 'vitest'
import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from '../commands/someone.ts'

/** A message in a flow, with the desk's answer. */
export interface Step {
  say: string
  /** The desk's answer: this text, or a text that matches. */
  hears: string | RegExp
}

/**
 * A conversation of a person with the desk, from the command to its result. Each flow is tried with a restart
 * between any two of its steps, with every question left to expire, and with two people side by side in one thread.
 */
export interface Flow {
  name: string
  /** Messages before the flow. Their answers are not checked. */
  before?: string[]
  steps: Step[]
  /** The expected state at the end. */
  ends?(desk: TestDesk, who: Someone): Promise<void>
}

const is =
  (text: string, expected: string | RegExp) =>
  async (_: TestDesk, who: Someone): Promise<void> => {
    const said = await who.say(text)
    if (typeof expected === 'string') expect(said).toContain(expected)
    else expect(said).toMatch(expected)
  }

const close: Flow[] = [
  {
    name: 'close, at the market',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'close', hears: /^🚪 CLOSE LONG 3,750 BYND @ \$0\.63/ },
      { say: '1', hears: /^✓ SOLD 3,750 BYND @ \$1\.01/ },
    ],
    ends: is('positions', 'No open positions'),
  },
  {
    name: 'close, with a limit',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'close', hears: /1️⃣ {2}Market - Close immediately\n {2}2️⃣ {2}Limit - Enter your limit price/ },
      { say: '2', hears: 'Enter your limit price to sell 3,750 BYND:' },
      { say: '1.05', hears: /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.05 \(working\)/ },
    ],
    ends: is('orders', /1 · SELL 3,750 BYND @ \$1\.05 · .* old · 3\.96% from \$1\.01/),
  },
  {
    name: 'close half, with a limit that is far off',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'close half', hears: /Quantity: 1,875/ },
      { say: 'limit', hears: /to sell 1,875 BYND/ },
      { say: '.10', hears: /^🤔 IS THAT RIGHT\? SELL 1,875 BYND @ \$0\.10/ },
      { say: 'yes', hears: /^✓ SOLD 1,875 BYND @ \$1\.01/ },
    ],
    ends: is('positions', 'LONG 1,875 BYND'),
  },
  {
    name: 'close all',
    before: ['long BYND 3750 @ .63', 'long AAPL 10 @ 190'],
    steps: [
      { say: 'close all', hears: /^🚪 CLOSE ALL 2 POSITIONS at the market\?\nLONG 10 AAPL/ },
      { say: 'yes', hears: /✓ SOLD 10 AAPL @ \$190\.00[\s\S]*✓ SOLD 3,750 BYND @ \$1\.01/ },
    ],
    ends: is('positions', 'No open positions'),
  },
]

const orders: Flow[] = [
  {
    name: 'buy, a quantity that is asked for, above what is confirmed',
    steps: [
      { say: 'buy AAPL', hears: '❓ How many AAPL do you want to buy?' },
      { say: '500', hears: /^🤔 CONFIRM: BUY 500 AAPL\nAt the market, about \$190\.00 each, \$95,000\.00 in all/ },
      { say: '1', hears: /^✓ BOUGHT 500 AAPL @ \$190\.00[\s\S]*LONG 500 AAPL @ \$190\.00/ },
    ],
    ends: is('positions', 'LONG 500 AAPL'),
  },
  {
    name: 'sell more than is open',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'sell 5000', hears: /2️⃣ {2}Sell 5,000 and be SHORT 1,250/ },
      { say: '2', hears: /✓ SOLD 3,750 BYND[\s\S]*✓ SOLD SHORT 1,250 BYND/ },
    ],
    ends: is('positions', 'SHORT 1,250 BYND @ $1.01'),
  },
  {
    name: 'sell short',
    steps: [
      { say: 'sell 100 BYND', hears: /You have none, so this is a short sale: you would be SHORT 100\./ },
      { say: '1', hears: /✓ SOLD SHORT 100 BYND/ },
    ],
    ends: is('positions', 'SHORT 100 BYND'),
  },
  {
    name: 'trim, a part that is asked for',
    before: ['long BYND 100 @ 1'],
    steps: [
      { say: 'trim', hears: '❓ How much of LONG 100 BYND @ $1.00?\n💡 A quantity, half, 30%, or all' },
      { say: '30%', hears: /✓ SOLD 30 BYND/ },
    ],
    ends: is('positions', 'LONG 70 BYND'),
  },
  {
    name: 'move an order',
    before: ['buy 100 BYND @ .95'],
    steps: [
      { say: 'move 1', hears: 'Enter the new limit price of 1 · BUY 100 BYND @ $0.95:' },
      { say: '0.40', hears: /^🤔 IS THAT RIGHT\? 1 · BUY 100 BYND @ \$0\.95 → \$0\.40/ },
      { say: '1', hears: /✓ LIMIT BUY ORDER 100 BYND @ \$0\.40 \(working, was \$0\.95\)/ },
    ],
    ends: is('orders', 'BUY 100 BYND @ $0.40'),
  },
  {
    name: 'cancel one of several',
    before: ['buy 100 BYND @ .95', 'buy 50 BYND @ .90'],
    steps: [
      { say: 'cancel', hears: /1️⃣ {2}Order 1 · BUY 100 BYND @ \$0\.95\n {2}2️⃣ {2}Order 2 · BUY 50 BYND @ \$0\.90\n/ },
      { say: '2', hears: '✓ CANCELLED order 2: LIMIT BUY 50 BYND @ $0.90' },
    ],
    ends: is('orders', 'BUY 100 BYND @ $0.95'),
  },
]

const records: Flow[] = [
  {
    name: 'long, added to one that is open',
    before: ['long BYND 2000 @ .55'],
    steps: [
      { say: 'long 5000 @ .60', hears: /1️⃣ {2}ADD - Together: LONG 7,000 BYND @ \$0\.5857/ },
      { say: 'add', hears: '✓ LONG 7,000 BYND @ $0.5857 (added 5,000 @ $0.60)' },
    ],
    ends: is('undo', 'Position: LONG 2,000 BYND @ $0.55'),
  },
  {
    name: 'long, in the place of one that ended at a price',
    before: ['long BYND 2000 @ .55'],
    steps: [
      { say: 'long 5000 @ .60', hears: /3️⃣ {2}REPLACE/ },
      { say: '3', hears: /^❓ At what price did LONG 2,000 BYND @ \$0\.55 end\?/ },
      { say: '2', hears: '❓ At what price did LONG 2,000 BYND @ $0.55 end?' },
      {
        say: '.65',
        hears: /^✓ LONG 5,000 BYND @ \$0\.60\nReplaced: LONG 2,000 BYND @ \$0\.55, ended @ \$0\.65, P&L \$\+200\.00/,
      },
    ],
    ends: is('undo', 'Position: LONG 2,000 BYND @ $0.55'),
  },
]

const advice: Flow[] = [
  {
    name: 'advise, and take profit',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'advise', hears: /^🤖 EXIT ANALYSIS — BYND[\s\S]*1️⃣ {2}TAKE PROFIT - Sell 3,750 now/ },
      { say: '1', hears: '✓ SOLD 3,750 BYND @ $1.01' },
    ],
    ends: is('positions', 'No open positions'),
  },
  {
    name: 'advise, and scale half out',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'should i exit', hears: /2️⃣ {2}SCALE OUT 50% - 1,875 over the next 10-15 minutes/ },
      { say: '2', hears: /^🔄[\s\S]*MEDIUM/ },
    ],
    ends: is('cancel scaleout', '🛑 SCALEOUT CANCELLED'),
  },
  {
    name: 'advise, and hold with a stop that trails',
    before: ['long BYND 3750 @ 1.20'],
    steps: [
      { say: 'advise BYND', hears: /1️⃣ {2}CUT THE LOSS - [\s\S]*3️⃣ {2}HOLD AND TRAIL - Stop 2\.00% from the best price/ },
      { say: '3', hears: '✓ HOLD AND TRAIL — BYND: the stop is at $0.9898 and trails by 2%' },
    ],
    ends: is('positions', 'LONG 3,750 BYND'),
  },
]

const scaleouts: Flow[] = [
  {
    name: 'scaleout',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'scaleout', hears: /^📉 INTERACTIVE SCALEOUT\nPosition: LONG 3,750 BYND @ \$0\.63/ },
      { say: '2', hears: /^🔄 SCALEOUT INITIATED - \S+\nMode: MEDIUM/ },
    ],
    ends: is('tasks', 'BYND MEDIUM'),
  },
  {
    name: 'smart scaleout, where nothing is known of the volume',
    before: ['long BYND 3750 @ .63'],
    steps: [
      { say: 'scaleout half', hears: '  4️⃣  SMART' },
      { say: '4', hears: 'so a smart scaleout cannot be planned.\nPosition: LONG 3,750 BYND @ $0.63\nQuantity: 1,875' },
      { say: '1', hears: /^🔄 SCALEOUT INITIATED - \S+\nMode: FAST .*\nTotal Quantity: 1,875/ },
    ],
    ends: is('tasks', 'BYND FAST'),
  },
  {
    name: 'scaleout of several',
    before: ['long BYND 3750 @ .63', 'short AAPL 10 @ 200'],
    steps: [
      { say: 'scaleout all', hears: 'Positions: 2\n' },
      { say: '3', hears: /^🔄 SCALEOUT INITIATED - 2 positions\nMode: SLOW/ },
    ],
    ends: is('tasks', /AAPL SLOW[\s\S]*BYND SLOW|BYND SLOW[\s\S]*AAPL SLOW/),
  },
  {
    name: 'scaleout of several, without one of them',
    before: ['long BYND 3750 @ .63', 'short AAPL 10 @ 200'],
    steps: [
      { say: 'scaleout BYND AAPL BTC-USD half slow', hears: 'Go on without BTC-USD?' },
      { say: 'yes', hears: /^🔄 SCALEOUT INITIATED - 2 positions\nMode: SLOW[\s\S]*0 of 1,875 sold/ },
    ],
    ends: is('tasks', 'BYND SLOW'),
  },
  {
    name: 'cancel scaleouts that were started together',
    before: ['long BYND 3750 @ .63', 'short AAPL 10 @ 200', 'scaleout all slow'],
    steps: [
      { say: 'cancel scaleout', hears: /1️⃣ {2}ALL - These 2, which were started together/ },
      { say: '1', hears: /^🛑 ENDED 2 SCALEOUTS/ },
    ],
    ends: is('tasks', 'Nothing runs'),
  },
]

const screens: Flow[] = [
  {
    name: 'screen, a screener that is asked for, with a wrong value',
    steps: [
      { say: 'screen min_score 170', hears: /^🔎 SCREENERS\n {2}1️⃣ {2}Bullish breakout - / },
      { say: '1', hears: '❓ Which `min_score`? It takes a number from 0 to 100.' },
      { say: '65', hears: /^🔎 RUN \d+ · Bullish breakout · all symbols of the market · min_score 65\n/ },
    ],
    ends: is('runs', 'min_score 65'),
  },
  {
    name: 'screen, with a misspelled name',
    steps: [
      { say: 'screen brakout', hears: '🤔 Did you mean `screen breakout`?' },
      { say: 'yes', hears: /^🔎 RUN \d+ · Bullish breakout · all symbols of the market\n/ },
    ],
    ends: is('runs', 'Bullish breakout'),
  },
  {
    name: 'screen on Fridays, at a time that is asked for',
    steps: [
      { say: 'screen breakout every friday', hears: '❓ At what time every friday?' },
      { say: '4:15pm', hears: /^⏰ SCHEDULE \d+ · Bullish breakout · .* every friday at 16:15/ },
    ],
    ends: is('screen schedules', 'every friday at 16:15'),
  },
]

/** All flows of the desk. A new flow must be added here. BYND is at $1.01 and AAPL at $190. */
export const flows: Flow[] = [...close, ...orders, ...records, ...advice, ...scaleouts, ...screens]

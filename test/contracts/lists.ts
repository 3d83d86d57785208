import { expect, test } from 'vitest'
import type { Seen } from './harness.ts'
import type { Room } from './room.ts'

/** The lists of somebody with two positions and two orders, and the lines of each. BYND is at $1.01 and AAPL at $190. */
const lists: [asked: string, lines: RegExp[]][] = [
  [
    'positions',
    [
      /^LONG 10 AAPL @ \$180\.00 · now \$190\.00 · \$\+100\.00 \(\+5\.56%\)$/m,
      /^LONG 3,750 BYND @ \$0\.63 · now \$1\.01 · \$\+1,425\.00 \(\+60\.32%\)/m,
    ],
  ],
  [
    'pl',
    [
      /^LONG 10 AAPL @ \$180\.00 · unrealized \$\+100\.00 \(\+5\.56%\) · realized \$0\.00 · master \$\+100\.00$/m,
      /^LONG 3,750 BYND @ \$0\.63 · unrealized \$\+1,425\.00 \(\+60\.32%\) · realized \$0\.00 · master \$\+1,425\.00/m,
    ],
  ],
  [
    'orders',
    [
      /^1 · SELL 3,750 BYND @ \$1\.05 · .* old · 3\.96% from \$1\.01$/m,
      /^2 · BUY 5 AAPL @ \$185\.00 · .* old · 2\.63% from \$190\.00$/m,
    ],
  ],
  ['pl today', [/^AAPL · 1 fill · realized \$0\.00$/m, /^BYND · 1 fill · realized \$0\.00$/m]],
]

/** The list after both positions were closed. */
const trades: RegExp[] = [
  /^LONG AAPL · 10 @ \$180\.00 → 10 @ \$190\.00 · \$\+100\.00 \(\+5\.56%\)/m,
  /^LONG BYND · 3,750 @ \$0\.63 → 3,750 @ \$1\.01 · \$\+1,425\.00 \(\+60\.32%\)/m,
]

/** The contract of every door for lists: people see columns, and the text has every word in its order. */
export function listsInColumns(open: () => Room): void {
  test('lists are in columns, and their text stays whole', async () => {
    const room = open()
    const say = (text: string, expected: RegExp) => room.ask(room.harness.alice, text, expected)
    await say('long BYND 3750 @ .63', /^✓ LONG/)
    await say('long AAPL 10 @ 180', /^✓ LONG/)
    await say('stop BYND .50', /\$0\.50/)
    await say('close BYND @ 1.05', /^✓ LIMIT SELL/)
    await say('buy 5 AAPL @ 185', /^✓ LIMIT BUY/)
    for (const [asked, lines] of lists) await isInColumns(asked, lines)
    await say('close BYND now', /^✓ SOLD 3,750/)
    await say('close AAPL now', /^✓ SOLD 10/)
    await isInColumns('trades', trades)

    async function isInColumns(asked: string, lines: RegExp[]): Promise<void> {
      const text = await say(asked, /AAPL[\s\S]*BYND|BYND[\s\S]*AAPL/)
      const seen = room.seen().findLast((message) => message.text === text)!
      for (const line of lines) expect(plainly(text)).toMatch(line)
      expectColumns(seen, lines)
    }
  })
}

/** The text without what only puts it into columns: more than one space, and the marks of a block of code. */
const plainly = (text: string) =>
  text
    .replaceAll('```\n', '')
    .replaceAll('\n```', '')
    .replace(/\n {4}/g, ' ')
    .replace(/ +/g, ' ')

/** Slack has tables; elsewhere the signs between the values stand below each other. */
function expectColumns({ text, table }: Seen, lines: RegExp[]): void {
  if (table) {
    expect(table).toHaveLength(lines.length)
    const said = plainly(text).split('\n')
    for (const row of table) {
      const line = said.find((one) => one.startsWith(row[0]!) && row.every((value) => one.includes(value.trim())))
      expect(line, row.join(' | ')).toBeDefined()
    }
    return
  }
  const shown = text.split('\n').filter((line) => lines.some((one) => one.test(plainly(line))))
  expect(shown).toHaveLength(lines.length)
  const marks = shown.map((line) => Array.from(line.matchAll(/ [@·] /g), ({ index }) => index).slice(0, 2))
  for (const mark of marks) expect(mark).toEqual(marks[0])
}

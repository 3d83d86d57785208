import { expect, test } from 'vitest'
import { inColumns } from '../../../bots/terminal/columns.ts'
import { type Columns, cell, linesIn } from '../../../src/talk/chat/columns.ts'

test('a list is aligned as far as the terminal is wide, and stays as it is where columns do not fit', () => {
  const columns: Columns = {
    columns: [
      { head: 'Symbol' },
      { head: 'Quantity', isAmount: true },
      { head: 'P&L', isAmount: true },
      { head: 'Stop' },
    ],
    rows: [
      [cell('BYND'), cell('3,750', '· '), cell('$+1,425.00', '· '), cell('stop $0.50', '· ')],
      [cell('F'), cell('10', '· '), cell('$-1.00', '· '), cell('')],
    ],
  }
  const reply = { text: ['OPEN', ...linesIn(columns), 'In all: 2'].join('\n'), columns }
  const shown = (width?: number) => inColumns(reply, { columns: width }).split('\n')
  expect(shown()).toEqual(['OPEN', 'BYND · 3,750 · $+1,425.00 · stop $0.50', 'F    ·    10 ·     $-1.00', 'In all: 2'])
  expect(shown(30)).toEqual([
    'OPEN',
    'BYND · 3,750 · $+1,425.00',
    '    · stop $0.50',
    'F    ·    10 ·     $-1.00',
    'In all: 2',
  ])
  expect(shown(20)).toEqual(reply.text.split('\n'))
})

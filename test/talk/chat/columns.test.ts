import { expect, test } from 'vitest'
import { aligned, type Columns, cell, linesIn, partedAtColumns } from '../../../src/talk/chat/columns.ts'
import fc from '../../support/fast-check.ts'

const columns: Columns = {
  columns: [
    { head: 'Side' },
    { head: 'Quantity', isAmount: true },
    { head: 'Return', isAmount: true },
    { head: 'Stop' },
  ],
  rows: [
    [cell('LONG'), cell('3,750'), cell('+60.32%', '(', ')'), cell('stop $0.50', '· ')],
    [cell('SHORT'), cell('10'), cell(undefined, '(', ')'), cell(undefined, '· ')],
    [cell('LONG'), cell('5'), cell('+5.56%', '(', ')'), cell('$1', '· stop ')],
  ],
}

test('a line has the values with the signs around them, and nothing for a value that is missing', () => {
  expect(linesIn(columns)).toEqual(['LONG 3,750 (+60.32%) · stop $0.50', 'SHORT 10', 'LONG 5 (+5.56%) · stop $1'])
})

test('words stand at the left of their column, and amounts at the right', () => {
  expect(aligned(columns, 80)).toEqual([
    'LONG  3,750 (+60.32%) · stop $0.50',
    'SHORT    10',
    'LONG      5  (+5.56%) · stop $1',
  ])
})

test('columns that do not fit stand below their line; too few beside each other are none', () => {
  expect(aligned(columns, 21)).toEqual([
    'LONG  3,750 (+60.32%)\n    · stop $0.50',
    'SHORT    10',
    'LONG      5  (+5.56%)\n    · stop $1',
  ])
  expect(aligned(columns, 20)).toBeUndefined()
})

const word = fc.stringMatching(/^[a-z0-9$.,+%()-]{1,8}$/)
const aCell = fc.record({
  value: fc.oneof(fc.constant(''), word),
  before: fc.constantFrom('', '· ', '@ ', '(', '· now '),
  after: fc.constantFrom('', ')'),
})
const anyColumns: fc.Arbitrary<Columns> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    columns: fc.array(fc.record({ head: word, isAmount: fc.constantFrom(undefined, true as const) }), {
      minLength: count,
      maxLength: count,
    }),
    rows: fc.array(fc.array(aCell, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 8 }),
  }),
)
const words = (text: string) => text.split(/\s+/).filter((one) => one !== '')

test('columns have every word of the lines in its order, whatever the width', () => {
  fc.assert(
    fc.property(anyColumns, fc.integer({ min: 1, max: 120 }), (any, width) => {
      const shown = aligned(any, width)
      fc.pre(shown !== undefined)
      expect(shown!.map(words)).toEqual(linesIn(any).map(words))
      for (const line of shown!.map((row) => row.split('\n')[0]!)) expect(line.length).toBeLessThanOrEqual(width)
    }),
  )
})

test('a text is parted where it has the lines, whatever stands around them', () => {
  const lines = linesIn(columns)
  const text = ['HALTED', 'POSITIONS', ...lines, 'total', '· alice'].join('\n')
  expect(partedAtColumns({ text, columns })).toMatchObject({ above: 'HALTED\nPOSITIONS', below: 'total\n· alice' })
  expect(partedAtColumns({ text: lines.join('\n'), columns })).toMatchObject({ above: '', below: '' })
  expect(partedAtColumns({ text: [...lines, 'total'].join('\n'), columns })).toMatchObject({
    above: '',
    below: 'total',
  })
  for (const other of ['POSITIONS', `${lines.join('\n')} and more`, `x${lines.join('\n')}`, lines.join('\n\n')])
    expect(partedAtColumns({ text: other, columns })).toBeUndefined()
})

test('a single line, and a column without a value, are no columns', () => {
  const single = { ...columns, rows: columns.rows.slice(0, 1) }
  expect(partedAtColumns({ text: linesIn(single).join('\n'), columns: single })).toBeUndefined()
  const bare = { ...columns, rows: columns.rows.map(([side, count]) => [side!, count!, cell(undefined), cell('')]) }
  const parted = partedAtColumns({ text: linesIn(bare).join('\n'), columns: bare })
  expect(parted?.columns.columns.map(({ head }) => head)).toEqual(['Side', 'Quantity'])
  expect(parted?.columns.rows[0]).toHaveLength(2)
})

import { expect, test } from 'vitest'
import { literal } from '../../../bots/discord/literal.ts'
import { contentsOf } from '../../../bots/discord/render.ts'
import { split } from '../../../bots/discord/split.ts'
import { type Columns, cell, linesIn } from '../../../src/talk/chat/columns.ts'
import fc from '../../support/fast-check.ts'
import { shown } from './opened.ts'

const hostile = fc.string({ unit: 'binary' })
const markup = fc
  .array(
    fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '|',
      '\\',
      '>',
      '#',
      '-',
      '[',
      ']',
      '(',
      ')',
      '<',
      '@',
      'everyone',
      '1',
      '&',
      '\n',
      ' ',
      'BYND',
      '😀',
    ),
  )
  .map((parts) => parts.join(''))

test('shows every text as it is', () => {
  fc.assert(
    fc.property(fc.oneof(markup, fc.string({ unit: 'grapheme' })), (text) => {
      const printable = text.replace(/[^\P{Cc}\n\t]/gu, '')
      expect(shown(literal(text))).toBe(printable)
    }),
  )
})

test('leaves the look of the desk alone', () => {
  for (const text of [
    '✓ LONG 3,750 BYND @ $0.63',
    '  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)',
    'P&L: $+177.84 | Remaining: 3,282 | Total P&L: $+177.84',
    'Unrealized P&L: $+1,425.00 (+60.32%)',
    '▰▰▰▱▱▱▱▱ 3/8',
    '✓ <@123456789012345678> is now a viewer',
  ]) {
    expect(literal(text)).toBe(text)
  }
})

test('escapes markdown, masked links, mentions and timestamps', () => {
  expect(literal('**b** __u__ ~~s~~ `c` ||spoiler||')).toBe(
    '\\*\\*b\\*\\* \\_\\_u\\_\\_ \\~\\~s\\~\\~ \\`c\\` \\|\\|spoiler\\|\\|',
  )
  expect(literal('[free money](https://x.example)')).toBe('[free money\\](https://x.example)')
  expect(literal('<@&1> <#2> <t:3:R> </trade:4> <a:e:5>')).toBe('\\<@&1> \\<#2> \\<t:3:R> \\</trade:4> \\<a:e:5>')
  expect(literal('# h\n  > q\n-# s\n>>> all')).toBe('\\# h\n  \\> q\n\\-# s\n\\>>> all')
  expect(literal('@everyone @here')).toBe('\\@everyone \\@here')
  expect(literal('half \ud800 a pair\u0000')).toBe('half \ufffd a pair')
})

test('splits any text into parts that fit, and loses nothing', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, markup), fc.integer({ min: 4, max: 40 }), (text, most) => {
      const size = (part: string) => literal(part).length
      const parts = split(text, most, size)
      expect(parts.join('')).toBe(text)
      for (const part of parts) expect(size(part)).toBeLessThanOrEqual(most)
    }),
  )
})

test('breaks between lines before words, and between words before letters', () => {
  const size = (part: string) => part.length
  expect(split('one two\nthree four\nfive', 12, size)).toEqual(['one two\n', 'three four\n', 'five'])
  expect(split('one two three', 8, size)).toEqual(['one two ', 'three'])
  expect(split('👨‍👩‍👧👨‍👩‍👧', 8, size)).toEqual(['👨‍👩‍👧', '👨‍👩‍👧'])
})

test('splits ten thousand characters into messages that Discord takes, and gives an empty text a visible one', () => {
  for (const text of [
    'x'.repeat(10_000),
    '*'.repeat(10_000),
    `a${'\u0301'.repeat(9_999)}`,
    '|'.repeat(10_000),
    ' \n'.repeat(5_000),
  ]) {
    for (const content of contentsOf({ text })) {
      expect(content.length).toBeLessThanOrEqual(2000)
      expect(content.trim()).not.toBe('')
    }
  }
  expect(contentsOf({ text: '' })).toEqual(['…'])
  expect(contentsOf({ text: 'x'.repeat(10_000) }).join('')).toBe('x'.repeat(10_000))
})

const listOf = (names: string[]): Columns => ({
  columns: [{ head: 'Symbol' }, { head: 'P&L', isAmount: true }, { head: 'Stop' }],
  rows: names.map((name, at) => [cell(name), cell(`$+${10 ** (at % 4)}`, '· '), cell('stop *1*', '· ')]),
})
const saying = (columns: Columns) => ({ text: ['📂 *OPEN*', ...linesIn(columns), '_in all_'].join('\n'), columns })

test('shows a list as a block of aligned code between the texts around it', () => {
  expect(contentsOf(saying(listOf(['BYND', 'AMD'])))).toEqual([
    '📂 \\*OPEN\\*\n```\nBYND ·  $+1 · stop *1*\nAMD  · $+10 · stop *1*\n```\n\\_in all\\_',
  ])
})

test('a long list is several blocks in messages that Discord takes, and no word is lost', () => {
  const said = saying(listOf(Array.from({ length: 300 }, (_, at) => `S${at}`)))
  const messages = contentsOf(said)
  expect(messages.length).toBeGreaterThan(3)
  for (const message of messages) {
    expect(message.length).toBeLessThanOrEqual(2000)
    expect(message.match(/^```$/gm)).toHaveLength(2)
  }
  const words = (text: string) =>
    text
      .replaceAll(/```|\\/g, '')
      .split(/\s+/)
      .filter(Boolean)
  expect(words(messages.join('\n'))).toEqual(words(said.text))
})

test('a list that would end the block of code is plain text', () => {
  const said = saying(listOf(['a```b', 'AMD']))
  expect(contentsOf(said)).toEqual([literal(said.text)])
})

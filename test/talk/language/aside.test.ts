import { expect, test } from 'vitest'
import { takeAside } from '../../../src/talk/language/aside.ts'

test.each([
  ['pl privately', 'pl'],
  ['privately: positions', 'positions'],
  ['show me BYND, just for me', 'show me BYND'],
  ['pl BYND in private.', 'pl BYND'],
  ['chart AAPL 1d only for me', 'chart AAPL 1d'],
])('%j asks for a private answer to %j', (text, rest) => {
  expect(takeAside(text)).toEqual({ text: rest, isPrivate: true })
})

test.each([
  'privately',
  'in private',
  'pl',
  'private equity is up',
  'alias privately = pl',
  'we talked in private about BYND',
])('%j stays as it is', (text) => expect(takeAside(text)).toEqual({ text, isPrivate: false }))

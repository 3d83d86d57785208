import { describe, expect, test } from 'vitest'
import { scoreOf, signOf } from '../../../src/prediction/sentiment/score.ts'
import { headlinesOf } from './headlines.ts'

/** The share of the headlines whose sign the lexicon finds. */
function agreement(file: string): { share: number; count: number; wrong: string[] } {
  const headlines = headlinesOf(file)
  if (!headlines) throw new Error(`${file} is missing`)
  const wrong = headlines.filter(({ text, sign }) => signOf(scoreOf(text)) !== sign).map(({ text }) => text)
  return { share: 1 - wrong.length / headlines.length, count: headlines.length, wrong }
}

describe('the sign of a headline', () => {
  test('is that of a person for the headlines by which the lexicon was made', () => {
    const { share, count } = agreement('tuned.jsonl')
    expect(count).toBeGreaterThanOrEqual(200)
    expect(share).toBeGreaterThan(0.95)
  })

  // Written by another person; the lexicon had been committed before anyone scored them, and is never tuned to them.
  test('is that of a person for headlines that nobody tuned to', () => {
    const { share, count } = agreement('blind.jsonl')
    expect(count).toBeGreaterThanOrEqual(150)
    expect(share).toBeGreaterThanOrEqual(0.85)
  })

  test.each([
    ['costs that fall are good news', 'Costs fall at Alcoa', 1],
    ['costs that rise are bad news', 'Costs rise at Alcoa', -1],
    ['a loss that narrows is good news', 'Alcoa narrows loss', 1],
    ['fears that ease are good news, with all that they are of', 'Fears of a credit crisis ease', 1],
    ['a negation turns it round', 'No sign of weakness at Alcoa', 1],
    ['what is avoided does not happen', 'Alcoa avoids strike', 1],
    ['vain efforts are bad news', 'Alcoa fails to impress', -1],
    ['what stands behind despite does not count', 'Alcoa falls despite record profit', -1],
    ['the news behind but counts more', 'Profit beats but outlook disappoints', -1],
    ['a fall less than feared is good news', 'Earnings fall less than feared', 1],
    ['names are no news', 'Best Buy and United Airlines to meet investors', 0],
    ['nothing is no news', '', 0],
  ])('%s', (_, text, sign) => {
    expect(signOf(scoreOf(text))).toBe(sign)
  })

  test('any text has a score from −1 to 1, and whole pages do not hold it up', () => {
    for (const text of [
      '%%%',
      '🚀'.repeat(50),
      'surge '.repeat(100_000),
      'constructor toString __proto__',
      '\u0000;;;,,,',
    ]) {
      const { score, known } = scoreOf(text)
      expect(Math.abs(score)).toBeLessThanOrEqual(1)
      expect(known).toBeGreaterThanOrEqual(0)
      expect(known).toBeLessThanOrEqual(1)
    }
  })
})

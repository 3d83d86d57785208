import { describe, expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { folded } from '../../../src/talk/language/marks.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { spokenIn } from '../../../src/talk/language/spoken.ts'
import fc from '../../support/fast-check.ts'
import { noise } from './noise.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()
const understood = async (text: string) => {
  const { command, params, acts } = lineOf('', await classify(grammar, text))
  return { command, params, acts }
}

const commands = [
  'close now',
  'close bynd now',
  'sell 50% amd',
  'stop bynd 5%',
  'buy 10 amd @ 240.50',
  'sell 3,750 bynd at 63¢',
  'trim bynd by a third',
  'scaleout bynd fast half',
  'bracket amd stop 112 target 128',
  'cancel scaleout',
  'breaker',
  'positions',
  'quote amd nvda',
]

describe('marks without a meaning change nothing', () => {
  /** Things that people and platforms put between words or around a message. */
  const between = [
    ' ',
    '  ',
    '\u00a0',
    '\u2009',
    '\u202f',
    '\u3000',
    '\u200b ',
    ' \u2060',
    ' 🚀 ',
    ' :rocket: ',
    '\ufe0f ',
  ]
  const around = [
    '',
    '🚀',
    ':tada:',
    ':thumbsup::skin-tone-3:',
    '<:moon:123456>',
    '<a:moon:1>',
    '👍🏽',
    '\u200b',
    '  ',
    '!',
  ]
  const inside = ['', '\u200b', '\u2060', '\u00ad', '\ufeff', '\u200d', '\ufe0f', '\u3164']

  test('in any command, at any place', async () => {
    const plainly = new Map<string, unknown>()
    for (const text of commands) plainly.set(text, await understood(text))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        fc.constantFrom(...between),
        fc.constantFrom(...around),
        fc.constantFrom(...around),
        fc.constantFrom(...inside),
        fc.nat(40),
        async (text, space, before, behind, mark, at) => {
          const spread = text.replace(/ /g, space)
          const place = at % (spread.length + 1)
          const typed = `${before} ${spread.slice(0, place)}${mark}${spread.slice(place)} ${behind}`
          // A mark inside the name of an emoji makes another text of it.
          fc.pre(mark === '' || !/[:<]/.test(space))
          expect(await understood(typed), JSON.stringify(typed)).toEqual(plainly.get(text))
        },
      ),
      { numRuns: 600 },
    )
  })

  test.each([
    ['sell 50 % amd', 'sell 50% amd'],
    ['sell 50\u202f% amd', 'sell 50% amd'],
    ['sell 50 ％ amd', 'sell 50% amd'],
    ['stop bynd 5 %', 'stop bynd 5%'],
    ['trail bynd 2 %', 'trail bynd 2%'],
    ['sell ½ amd', 'sell 1/2 amd'],
    ['sell ５０ amd', 'sell 50 amd'],
    ['sell 3\u2009750 bynd', 'sell 3750 bynd'],
    ['sell 3\u202f750 bynd', 'sell 3750 bynd'],
    ['sell 100 bynd at 63 ¢', 'sell 100 bynd at 63c'],
    ['buy 10 amd @ $ 240', 'buy 10 amd @ $240'],
    ['buy 10 amd @ 240 $', 'buy 10 amd @ $240'],
    ['sell :one::zero: amd', 'sell 10 amd'],
    ['sell 1️⃣0️⃣ amd', 'sell 10 amd'],
    ['sell 🔟 amd', 'sell 10 amd'],
    ['*close* bynd _now_', 'close bynd now'],
    ['sell −5 amd', 'sell -5 amd'],
    ['sell –5 amd', 'sell -5 amd'],
    ['sell amd > 240', 'sell amd above 240'],
  ])('%j is %j', async (typed, plainly) => {
    expect(await understood(typed)).toEqual(await understood(plainly))
  })

  test.each(['buy 5² amd', 'buy amd 500 €', 'buy amd €500', 'buy 10 × 5 amd', 'sell 50 amd %'])(
    '%j is not done with a sign ignored',
    async (typed) => expect(await understood(typed)).toMatchObject({ acts: false }),
  )

  test('a text in plain characters stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 @.,#'"/+-]{0,40}$/), (text) => {
        expect(folded(text)).toBe(text)
      }),
    )
  })
})

describe('what is shown is not said', () => {
  const quotations: Record<string, (text: string) => string> = {
    quoted: (text) => `> ${text}`,
    'quoted without a space': (text) => `>${text}`,
    'quoted to the end': (text) => `>>> look\n${text}`,
    'quoted with an escaped mark': (text) => `\\> ${text}`,
    "struck in Slack's way": (text) => `~${text}~`,
    "struck in Discord's way": (text) => `~~${text}~~`,
    code: (text) => `\`${text}\``,
    'code in two marks': (text) => `\`\`${text}\`\``,
    fenced: (text) => `\`\`\`\n${text}\n\`\`\``,
    'fenced without an end': (text) => `\`\`\`${text}`,
    hidden: (text) => `||${text}||`,
    'an element of HTML': (text) => `<b class="x">${text}</b>`,
    'HTML without an end': (text) => `"><script>${text}`,
    'an attribute of HTML': (text) => `<img src=x onerror="${text}">`,
    'a comment of HTML': (text) => `<!-- ${text} -->`,
    'in quotation marks': (text) => `“${text}”`,
    'quoted behind an invisible character': (text) => `\u200b> ${text}`,
  }

  test.each(Object.keys(quotations))('%s', async (name) => {
    for (const text of commands) {
      const typed = quotations[name]!(text)
      expect(spokenIn(typed), typed).toMatchObject({ text: '', isQuoted: true })
      expect(await understood(typed), typed).toMatchObject({ command: 'none', acts: false })
    }
  })

  test('and the words on other lines count alone', async () => {
    for (const shown of [
      '> sell all',
      '<p>\nsell all</p>',
      '~sell all~',
      '~~sell all~~',
      '`sell all`',
      '```sell all```',
      '||sell all||',
    ])
      expect(await understood(`${shown}\nclose bynd now`), shown).toEqual(await understood('close bynd now'))
  })

  test('beside words in a line it leaves a gap, and the words are repeated back', async () => {
    for (const typed of [
      '~~sell 50~~ sell 100 amd',
      'sell 100 `amd`',
      'close `bynd` now',
      'close ||half|| now',
      'sell 100 amd</b>',
    ]) {
      const classified = await classify(grammar, typed)
      expect(classified.verdict, typed).toBe('confirms')
      expect(acts(classified), typed).toBe(false)
    }
  })

  test.each([
    'sell 100 amd at ~5',
    'sell ~100 amd at ~5',
    "don't`",
    '5 > 3',
    'a | b',
    'pl & positions',
    'buy amd <120',
    '<@U1> pl',
  ])('%j has no quotation', (typed) => expect(spokenIn(typed)).toMatchObject({ isQuoted: false }))

  test('any text can be read, and a text that was read says the same when it is read again', () => {
    fc.assert(
      fc.property(noise(120), (typed) => {
        const { text, hasGap } = spokenIn(typed)
        expect(text).not.toContain('\ue000')
        if (hasGap) expect(text).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    '`',
    '~',
    '~a',
    '|',
    '||',
    '>',
    '"',
    '```',
    '~~',
    ':a',
    '1\u2009',
    '1 ',
    '$ ',
    '<a>',
    '<a ',
    '</a>',
    '<!--',
  ])('a long row of %j is read at once', (unit) => {
    const typed = unit.repeat(20_000)
    const took = Array.from({ length: 3 }, () => {
      const before = performance.now()
      spokenIn(typed)
      return performance.now() - before
    })
    expect(Math.min(...took)).toBeLessThan(200)
  })
})

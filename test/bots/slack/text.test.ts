import { expect, test } from 'vitest'
import { withoutSecrets } from '../../../bots/slack/log.ts'
import { decodeText, escapeText, shorten, splitText, takeMention } from '../../../bots/slack/text.ts'
import fc from '../../support/fast-check.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '&', '<', '>', '🔄', '1️⃣', 'é', '👩‍👩‍👧', '\ud800'),
    maxLength: 400,
  }),
)

test('parts of a text are never longer than the limit, and hold all of it', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 12, max: 120 }), (text, limit) => {
      const parts = splitText(text, limit)
      expect(parts.length).toBeGreaterThan(0)
      for (const part of parts) {
        expect(escapeText(part).length).toBeLessThanOrEqual(limit)
        expect(part.trim()).not.toBe('')
      }
      const bare = (whole: string) => whole.replace(/\s/g, '')
      if (bare(text) !== '') expect(bare(parts.join(''))).toBe(bare(text))
    }),
  )
})

test('a text is split at line ends as long as its lines fit', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '&', '.'), minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
      expect(splitText(lines.join('\n'), 60).join('\n')).toBe(lines.join('\n'))
    }),
  )
})

test('no emoji is torn by a split', () => {
  expect(splitText('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 20)).toEqual(['👩‍👩‍👧👩‍👩‍👧', '👩‍👩‍👧'])
})

test('escaped text is read back unchanged, and holds no markup', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', ' ', '&', '<', '>', '!', '@', '#', '|', ';', 'amp', 'lt'),
        maxLength: 60,
      }),
      (text) => {
        expect(escapeText(text)).not.toMatch(/[<>]/)
        expect(decodeText(escapeText(text))).toBe(text)
      },
    ),
  )
})

test.each([
  ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
  ['<http://bynd.io|bynd.io>', 'bynd.io'],
  ['<mailto:a@b.test|a@b.test> <mailto:a@b.test>', 'a@b.test a@b.test'],
  ['<@U0BOB|bob> <@W1>', '<@U0BOB> <@W1>'],
  ['<#C1|ideas> <#C1>', '#ideas <#C1>'],
  ['<!here> <!channel|channel> <!subteam^S1|@desk> <!subteam^S1>', '@here channel @desk @subteam'],
  ['&lt;@U0BOB&gt; &amp;lt;', '<@U0BOB> &lt;'],
  ['&gt; “long” ~BYND~ `’s`', '> “long” ~BYND~ `’s`'],
  ['3 &lt; 4 &amp;&amp; 5 &gt; 4', '3 < 4 && 5 > 4'],
])('%s was typed as %s', (raw, typed) => {
  expect(decodeText(raw)).toBe(typed)
})

test.each([
  ['<@UBOT> pl', 'pl', true],
  ['<@UBOT>: pl', 'pl', true],
  ['<@UBOT|deskhand>, pl', 'pl', true],
  ['pl <@UBOT>', 'pl', true],
  ['<@UBOT>', '', true],
  ['<@UBOTH> pl', '<@UBOTH> pl', false],
  ['pl', 'pl', false],
])('in %s the desk reads %s', (raw, text, mentioned) => {
  expect(takeMention(raw, 'UBOT')).toEqual({ text, mentioned })
})

test('a label is shortened to the limit, and a short one is left alone', () => {
  expect(shorten('short', 10)).toBe('short')
  fc.assert(
    fc.property(anyText, (text) => {
      expect(escapeText(shorten(text, 24)).length).toBeLessThanOrEqual(24)
    }),
  )
})

test('secrets are taken out of a line', () => {
  expect(withoutSecrets('token xoxb-1-2-abc, app xapp-1-A-b, s3cret s3cret', ['s3cret', ''])).toBe(
    'token [secret], app [secret], [secret] [secret]',
  )
})

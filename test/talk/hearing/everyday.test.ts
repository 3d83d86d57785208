import { expect, test } from 'vitest'
import { asOverheard, isEverydaySpeech } from '../../../src/talk/hearing/everyday.ts'
import { acts, hearGrammar } from '../../../src/talk/language/classify.ts'
import { movesMoney } from '../../../src/talk/language/effect.ts'
import { phrasesIn } from '../../../src/talk/language/phrases.ts'
import { shippedGrammar } from '../language/shipped-registry.ts'

const classifier = shippedGrammar()
const overheard = (text: string) => {
  const { decided } = hearGrammar(classifier, text)
  return decided && asOverheard(text, decided)
}

/** Everything that a member may say for an order, beside the name of its command. */
const wordings = classifier.registry.commands
  .filter(movesMoney)
  .flatMap(({ name, aliases, command }) =>
    [...aliases, ...phrasesIn(command.phrases).map(({ phrase }) => phrase)].map((said) => ({ name, said })),
  )
  .filter(({ name, said }) => said !== name && !said.startsWith(`${name} `))
/** Words that nobody says but to trade. */
const ofTrade = /scal|break-?even|\boco\b|\bsl\b|\btp\b|trail|unhalt|liquidate|stop to be/

test('no alias or phrase of an order is carried out on its own when nobody addressed it', () => {
  expect(wordings.length).toBeGreaterThan(150)
  for (const { name, said } of wordings) {
    for (const text of [said, `${said}!!`, `${said} 😱`, `please ${said} now`, said.toUpperCase()]) {
      const classified = overheard(text)
      if (!classified?.understood || ofTrade.test(said)) continue
      expect(acts(classified), `${text} (${name})`).toBe(false)
    }
  }
})

test.each(['panic', 'halt', 'flat', 'flatten', 'cover', 'exit now', 'dump it', 'dump it all', 'breaker'])(
  '%j is everyday speech',
  (text) => {
    const { decided, partly } = hearGrammar(classifier, text)
    expect(isEverydaySpeech(text, (decided?.understood ?? partly)!)).toBe(true)
  },
)

test.each([
  'close now',
  'flat bynd',
  'dump half of bynd',
  'exit 50',
  'cancel scaleout',
  'undo',
  'cancel',
  'cancel 1',
  'stop scaling out',
])('%j is an order of its own form, and stays as it is', (text) => {
  const { decided } = hearGrammar(classifier, text)
  expect(overheard(text)).toEqual(decided)
  expect(decided).toBeDefined()
})

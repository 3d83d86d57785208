import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { indicatorsAndAdvice } from './advice.ts'
import { exactLook } from './exact-look.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness, Person, Seen } from './harness.ts'
import { listsInColumns } from './lists.ts'
import { ordersThrough } from './orders-contract.ts'
import { type House, openHouse, type Room } from './room.ts'
import { scaleoutsOfSeveral } from './scaleouts.ts'
import { screensThrough } from './screens.ts'

/** The abilities that a door may lack. */
export interface Traits {
  /** One person at a keyboard: nobody else is there, there are no buttons, and no line comes twice. */
  alone?: boolean
  /**
   * Another place of a door, or another way into it, that other tests cover fully: flows that do not depend on it are left
   * out.
   */
  again?: boolean
}

/** The contract of every door with the whole desk behind it. BYND is at $1.01. */
export function everyDoor(
  name: string,
  createHarness: () => DoorHarness | Promise<DoorHarness>,
  { alone = false, again = false }: Traits = {},
): void {
  // Tests that a door cannot run are left out instead of skipped.
  const testOfMany = alone ? () => {} : test

  describe(name, () => {
    let house: House | undefined
    let room: Room
    let door: DoorHarness
    let alice: Person
    let bob: Person
    let ground: Ground
    const enter = async ({ anew = false } = {}) => {
      if (anew) await leave()
      house ??= await openHouse(await createHarness(), ground)
      room = await house.room()
      door = room.harness
      ;({ alice, bob } = door)
    }
    const leave = async () => {
      await house?.close()
      house = undefined
    }

    beforeAll(async () => {
      ground = await openGround()
    })

    afterAll(async () => {
      await leave()
      await ground.close()
    })

    // A terminal has one person, whose positions would stay.
    beforeEach(() => enter({ anew: alone }))

    /** Alice records the example position; from then on the thread is about BYND. */
    const holdsBynd = () => room.ask(alice, 'long BYND 3750 @ .63', /^✓ LONG/)
    /**
     * Waits for the end of the scaleout, and expects all its messages once and in order; with its progress bar when messages
     * are edited.
     */
    const seesScaleoutThrough = async () => {
      await room.sees(/^🎉/)
      if (!alone) await room.sees(new RegExp(`^🔄[\\s\\S]*\\n▰+ (\\d+)/\\1 COMPLETE\\n· ${alice.name}$`))
      exactLook.expectScaleout(room.seen(), 'FAST (1-3 minutes)', alone ? undefined : alice.name)
    }
    const pressing = (person: Person, label: string, expected: RegExp, options?: { twice?: boolean }) =>
      room.after(() => door.press(person, label, options), expected)

    describe('the conversation from the position to FLAT', () => {
      test('by free text', async () => {
        expect(await room.ask(alice, 'long BYND 3750 @ .63', /LONG/)).toBe('✓ LONG 3,750 BYND @ $0.63')
        expect(await room.ask(alice, 'pl', /P&L/)).toBe(exactLook.profitAndLoss)
        expect(await room.ask(alice, 'scaleout', /SCALEOUT/)).toBe(exactLook.speedQuestion)
        await room.ask(alice, '1', /^🔄/)
        await seesScaleoutThrough()
        expect(await room.ask(alice, 'positions', /position/i)).not.toContain('BYND @')
        expect(await room.sold()).toBe(3750)
      })

      test('by the command of the platform', async () => {
        const position = { symbol: 'BYND', quantity: '3750', price: '.63' }
        await room.after(() => door.command(alice, 'long', position), /^✓ LONG 3,750 BYND @ \$0\.63$/)
        await room.after(() => door.command(alice, 'pl', { symbol: 'BYND' }), exactLook.profitAndLoss)
        await room.after(() => door.command(alice, 'scaleout', { symbol: 'BYND', speed: 'fast' }), /^🔄/)
        await seesScaleoutThrough()
        expect(await room.sold()).toBe(3750)
      })

      test('ended early, by the command of the platform', async () => {
        await holdsBynd()
        await room.ask(alice, 'scaleout slow', /^🔄/)
        await room.after(() => door.command(alice, 'cancel scaleout', { symbol: 'BYND' }), /^🛑 SCALEOUT CANCELLED/)
        expect(await room.ask(alice, 'tasks', /runs|running/)).not.toContain('BYND')
      })

      testOfMany('by button', async () => {
        await holdsBynd()
        await room.ask(alice, 'scaleout', /^📉/)
        expect(room.seen().at(-1)?.buttons).toEqual(['FAST', 'MEDIUM', 'SLOW', 'SMART', 'CUSTOM'])
        await pressing(alice, 'FAST', /^🔄/)
        await seesScaleoutThrough()
        expect(await room.sold()).toBe(3750)
      })
    })

    if (!again) scaleoutsOfSeveral(() => room, { alone })

    describe('the bracket builder', () => {
      beforeEach(async () => {
        await holdsBynd()
        expect(await room.ask(alice, 'bracket', /BRACKET/)).toBe(exactLook.bracket.question)
      })

      test('takes the levels one after the other', async () => {
        await room.ask(alice, '2', /^Enter stop loss price:$/)
        await room.ask(alice, '0.945', /^Enter take profit price:$/)
        expect(await room.ask(alice, '1.26', /BRACKET/)).toBe(exactLook.bracket.set)
      })

      testOfMany('takes them by buttons', async () => {
        expect(room.seen().at(-1)?.buttons).toEqual(['Quick Setup', 'Custom Setup'])
        await room.after(() => door.fill(alice, 'Custom Setup', '1.5', '1.26'), /Enter stop loss price:$/)
        expect(room.seen().at(-1)?.buttons).toEqual(['Stop loss price'])
        const set = await room.after(() => door.fill(alice, 'Stop loss price', '0.945'), /^🎯 BRACKET ORDER SET/)
        expect(set).toBe(exactLook.bracket.set)
      })
    })

    if (!again) ordersThrough(() => ({ room, door, alice }), testOfMany)

    describe('a question', () => {
      beforeEach(async () => {
        await holdsBynd()
        await room.ask(alice, 'scaleout 100', /^📉/)
      })

      test.each(['3', 'slow', 'SLOW', '3️⃣'])('is answered by typing %s', async (answer) => {
        expect(await room.ask(alice, answer, /^🔄/)).toContain('Mode: SLOW')
        expect(await room.count('scaleouts')).toBe(1)
      })

      testOfMany('is answered by a press', async () => {
        expect(await pressing(alice, 'SLOW', /^🔄/)).toContain('Mode: SLOW')
        expect(await room.count('scaleouts')).toBe(1)
      })

      test('is asked again after an invalid answer', async () => {
        expect(await room.ask(alice, 'warp speed', /How fast/)).toContain('3️⃣  SLOW')
        expect(await room.count('scaleouts')).toBe(0)
        await room.ask(alice, '3', /^🔄/)
      })

      testOfMany('is answered once by a press that comes twice', async () => {
        await pressing(alice, 'SLOW', /^🔄/, { twice: true })
        await room.settled(alice)
        expect(room.seen().filter(({ text }) => text.startsWith('🔄'))).toHaveLength(1)
        expect(await room.count('scaleouts')).toBe(1)
      })

      testOfMany('is answered once, however many answers come at once', async () => {
        await Promise.all([door.press(alice, 'SLOW'), door.press(alice, 'MEDIUM'), door.say(alice, '3')])
        await room.sees(/^🔄/)
        await room.settled(alice)
        expect(room.seen().filter(({ text }) => text.startsWith('🔄'))).toHaveLength(1)
        expect(await room.count('scaleouts')).toBe(1)
      })

      testOfMany('refuses the press of somebody else, to them alone', async () => {
        await pressing(bob, 'SLOW', /alice/i)
        expect(room.seen().at(-1)?.privateTo).toBe(bob.id)
        expect(await room.count('scaleouts')).toBe(0)
        await pressing(alice, 'SLOW', /^🔄/)
      })

      testOfMany('refuses the answer of somebody else, to them alone', async () => {
        await room.ask(bob, '1', /alice/i)
        expect(room.seen().at(-1)?.privateTo).toBe(bob.id)
        expect(await room.count('scaleouts')).toBe(0)
        await room.ask(alice, '3', /^🔄/)
      })

      testOfMany('loses its buttons when the answer was typed', async () => {
        expect(room.seen().at(-1)?.buttons).toContain('SLOW')
        await room.ask(alice, '3', /^🔄/)
        await expect.poll(() => room.seen().some(({ buttons }) => buttons.includes('SLOW'))).toBe(false)
        expect(await room.count('scaleouts')).toBe(1)
      })

      testOfMany('leaves a button that says, six minutes later, that it is too late', async () => {
        room.later(6)
        await pressing(alice, 'SLOW', /expired/)
        expect(room.seen().at(-1)?.privateTo).toBe(alice.id)
        expect(await room.count('scaleouts')).toBe(0)
      })

      test('expires after six minutes; then an answer is an ordinary message', async () => {
        room.later(6)
        await door.say(alice, '1')
        await room.settled(alice)
        expect(await room.count('scaleouts')).toBe(0)
      })
    })

    describe('a typed message', () => {
      test('is answered with a question, never an action, when it only resembles a command', async () => {
        await holdsBynd()
        expect(await room.ask(alice, 'scaleuot', /\?/)).toContain('How fast should I scale out?')
        await room.ask(alice, 'never mind', /Nothing was done/)
        expect(await room.ask(alice, 'clsoe now', /\?/)).toContain('Did you mean: close')
        expect(await room.count('scaleouts')).toBe(0)
      })

      testOfMany('is answered once when it is delivered twice', async () => {
        await holdsBynd()
        await door.sayAgain()
        await room.settled(alice)
        expect(room.seen().filter(({ text }) => text.startsWith('✓ LONG'))).toHaveLength(1)
        expect(await room.count('fills')).toBe(1)
      })

      test.each([
        ['@everyone', /"@everyone"/],
        ['@here', /"@here"/],
        ['<!channel>', /"(<!channel>|@channel)"/],
        ['<!subteam^S0DESK>', /"[<@!]+subteam/],
        ['<@&987654321098765432>', /"<@&987654321098765432>"/],
        ['[here](http://evil.example)', /"\[here/],
      ])('never pings %s, and comes back as it was', async (mention, echo) => {
        await holdsBynd()
        await room.ask(alice, 'long AAPL', /How many/)
        await room.ask(alice, mention, echo)
        expect(room.seen().map(({ pings }) => pings)).toEqual(room.seen().map(() => []))
        expect(await room.sold()).toBe(0)
      })

      test.each([
        ['template save [here](http://evil.example)', /cannot be the name of a template/],
        ['template save <!channel>', /cannot be the name of a template/],
        ['template drop **@here**', /no template|did not understand/],
        ['unlink <!channel>', /no linked account/],
      ])('never pings by the name that it gives to something: %s', async (text, echo) => {
        await holdsBynd()
        await room.ask(alice, text, echo)
        expect(room.seen().map(({ pings }) => pings)).toEqual(room.seen().map(() => []))
      })

      test.each([
        ['unicode noise', '\u202e\u0000\ud83d𝔰𝔠𝔞𝔩𝔢 ̴͖́Z̷̛a̵l̸g̶o̷ \u200b\u200d👩‍👩‍👧‍👦 ‮اختبار \ufeff'],
        ['10,000 characters', 'scaleout '.repeat(1250).slice(0, 10_000)],
        ['10,000 digits', `long BYND ${'9'.repeat(9_990)}`],
        ['markdown', '# h1\n> quote\n```js\nwhile(1){}\n``` **b** _i_ ~s~ [x](http://evil.example) ||spoiler||'],
        ['SQL', "long BYND'; drop table positions; -- 5 @ 1"],
        ['templates', '{{7*7}} $' + '{7*7} <%= 7*7 %> %s %n #{7*7}'],
      ])('may be %s: no harm is done', async (_, text) => {
        await holdsBynd()
        await door.say(alice, text)
        await room.settled(alice)
        expect(await room.count('scaleouts')).toBe(0)
        expect(await room.ask(alice, 'pl', /P&L SUMMARY/)).toBe(exactLook.profitAndLoss)
      })
    })

    if (!again) indicatorsAndAdvice(() => room, { alone })

    if (!again) listsInColumns(() => room)
    if (!again) {
      describe('a screen', () => {
        // Runs are numbered through, and more symbols are listed.
        beforeEach(() => enter({ anew: true }))
        screensThrough(() => room, { alone })
      })
    }

    const testInForms = again ? () => {} : testOfMany
    testInForms('a symbol that is asked for is given in the form of the question', async () => {
      await room.ask(alice, 'quote', /^❓ Which symbol\?$/)
      await room.after(() => door.fill(alice, 'Symbol', 'AAPL'), /^💵 AAPL/)
    })

    testInForms('a scaleout takes terms of its own in the form of its question', async () => {
      // A coin trades at any hour; of a share, 45 minutes may end after the close.
      await room.ask(alice, 'long BTC-USD 0.1 @ 60000', /LONG 0\.1 BTC-USD/)
      await room.ask(alice, 'scaleout BTC-USD', /^📉/)
      await room.after(() => door.fill(alice, 'CUSTOM', '45m, 12 chunks'), /^🔄[\s\S]*\nMode: CUSTOM \(45 min\)\n/)
      await room.ask(alice, 'cancel scaleout', /^🛑 SCALEOUT CANCELLED/)
    })

    test('help arrives complete', async () => {
      const before = room.seen().length
      await room.ask(alice, 'help', /DESKHAND/)
      const missing = () => {
        const help = textOf(room.seen().slice(before))
        return room.desk.commands().flatMap(({ name }) => (help.includes(`\`${name}\``) ? [] : [name]))
      }
      // Its parts come one after the other.
      await expect.poll(missing).toEqual([])
    })

    test('a long message of a job is split, never cut', async () => {
      await holdsBynd()
      const before = room.seen().length
      const lines = Array.from({ length: 300 }, (_, index) => `${index}: a line of a long list, with a comma`)
      await room.fromJob({ text: [...lines, 'w'.repeat(5000), 'the end'].join('\n') })
      await room.sees(/the end$/)
      const said = textOf(room.seen().slice(before)).split('\n')
      expect(said.slice(0, lines.length)).toEqual(lines)
      expect(said.slice(lines.length, -1).join('')).toBe('w'.repeat(5000))
    })

    testOfMany('two people in one thread trade an account each', async () => {
      await holdsBynd()
      await room.ask(bob, 'long BYND 100 @ 2', /^✓ LONG 100 BYND @ \$2\.00$/)
      expect(await room.ask(alice, 'pl', /P&L SUMMARY/)).toBe(exactLook.profitAndLoss)
      expect(await room.ask(bob, 'pl', /P&L SUMMARY/)).toContain('Unrealized P&L: $-99.00 (-49.50%)')
      await room.ask(alice, 'scaleout', /^📉/)
      await room.ask(bob, 'scaleout', /^📉/)
      await Promise.all([door.say(alice, 'fast'), door.say(bob, '1')])
      await expect.poll(() => room.seen().filter(({ text }) => text.startsWith('🎉')).length).toBe(2)
      expect(await room.sold()).toBe(3850)
    })

    testOfMany('a door that was away posts what the jobs had to say when it is back: once, in order', async () => {
      await holdsBynd()
      await room.ask(alice, 'scaleout fast', /^🔄/)
      await room.leave()
      await expect.poll(() => room.sold()).toBe(3750)
      await room.comeBack()
      await seesScaleoutThrough()
    })
  })
}

const textOf = (messages: Seen[]) => messages.map(({ text }) => text).join('\n')

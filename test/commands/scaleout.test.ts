import { afterEach, expect, test, vi } from 'vitest'
import { openTestDesk, type TestDesk } from '../support/desk.ts'

let test_: TestDesk
afterEach(() => test_.close())

test('sells a position in chunks until it is flat', async () => {
  test_ = await openTestDesk()
  await test_.say('long BYND 3750 @ .63')
  expect(await test_.say('scaleout')).toContain('How fast should I scale out?')
  expect(await test_.say('1')).toContain('SCALEOUT INITIATED')
  await vi.waitFor(() => expect(test_.posted.at(-1)?.text).toContain('Position: FLAT'), { timeout: 15_000 })
})

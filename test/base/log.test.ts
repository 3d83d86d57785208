import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLog } from '../../src/base/log.ts'

test('a secret that an object brings along is not logged, wherever it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  const file = join(folder, 'log')
  try {
    const log = createLog({ level: 'info', file })
    const headers = {
      authorization: 'Bearer s3cret',
      'apca-api-secret-key': 's3cret',
      cookie: 'a=s3cret',
      host: 'here',
    }
    log.info({ account: 12, headers }, 'one')
    log.warn({ request: { headers } }, 'two')
    const error = Object.assign(new Error('refused'), { config: { headers }, secret: 's3cret' })
    log.error({ err: error, accessToken: 's3cret', credentials: { refreshToken: 's3cret' } }, 'three')
    await expect.poll(() => readFileSync(file, 'utf8').split('\n')).toHaveLength(4)
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain('s3cret')
    expect(text).toContain('"host":"here"')
    expect(text).toContain('"account":12')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

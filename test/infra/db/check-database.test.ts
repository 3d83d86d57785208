import { createServer } from 'node:net'
import { expect, inject, test } from 'vitest'
import { checkDatabase, DatabaseAway } from '../../../src/infra/db/check-database.ts'
import { freePort } from '../../../src/setup/processes.mjs'

const shared = inject('postgresUrl')

function changed(change: (url: URL) => void): string {
  const url = new URL(shared)
  change(url)
  return url.href
}

test('a database that lets the desk in is no fault', async () => {
  await checkDatabase(shared)
})

test.for<[string, () => string | Promise<string>]>([
  [
    'nothing listens at',
    async () => {
      const port = await freePort()
      return changed((url) => {
        url.port = String(port)
      })
    },
  ],
  [
    'there is no database "nowhere"',
    () =>
      changed((url) => {
        url.pathname = '/nowhere'
      }),
  ],
  [
    'the password of',
    () =>
      changed((url) => {
        url.password = 'not-the-secret'
      }),
  ],
  [
    'host "nowhere.invalid"',
    () =>
      changed((url) => {
        url.hostname = 'nowhere.invalid'
      }),
  ],
])('%s: the message names DATABASE_URL, and no password', async ([text, url]) => {
  const given = await url()
  const failure = await checkDatabase(given).catch((cause) => cause)
  expect(failure).toBeInstanceOf(DatabaseAway)
  expect(failure.message).toContain(text)
  expect(failure.message).toContain('correct DATABASE_URL')
  expect(failure.message).not.toContain(new URL(given).password)
})

test('a server that is no Postgres is a fault, too', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const url = changed((one) => {
    one.port = String(port)
  })
  await expect(checkDatabase(url)).rejects.toThrow('correct DATABASE_URL')
  server.close()
})

import { pino } from 'pino'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'
import { refreshBy } from '../../../src/venues/links/oauth.ts'
import { createVenueAccess } from '../../../src/venues/links/venue-access.ts'

// A process that asks for the credentials of an account at each line of its input, and prints the access token.
const [url = '', keys = '', account = '', app = ''] = process.argv.slice(2)
const db = connectDatabase(url, pino({ level: 'silent' }), 2)
const now = () => new Date()
const refresh = refreshBy({ title: 'Alpaca', ...JSON.parse(app), now })
process.stdout.write('ready\n')
process.stdin.once('data', async () => {
  const access = createVenueAccess(db, { venue: 'alpaca', keys: readCredentialKeys(keys), refresh, now })
  const said = await access.of(account).then(
    ({ credentials }) => (credentials.kind === 'oauth' ? credentials.accessToken : ''),
    (cause: Error) => `failed: ${cause.message}`,
  )
  process.stdout.write(`${said}\n`)
  await db.destroy()
})

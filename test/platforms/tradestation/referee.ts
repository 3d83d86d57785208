import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Referee, refereed as refereedBy } from '../broker/referee.ts'
import { mendedDocument } from './specification.ts'

export { hasSpecifications, type Referee } from '../broker/referee.ts'

/** Starts a referee in front of the live or the simulator's host of a local TradeStation. Streams pass as they are. */
export async function refereed(hostUrl: string): Promise<Referee> {
  const folder = mkdtempSync(join(tmpdir(), 'tradestation-'))
  const file = join(folder, 'tradestation.openapi.json')
  writeFileSync(file, JSON.stringify(mendedDocument()))
  const referee = await refereedBy(hostUrl, file, (path) => path.includes('/stream/'))
  return {
    ...referee,
    async close() {
      await referee.close()
      // Prism watches the file from the time when it listens, and dies when it is gone by then.
      rmSync(folder, { recursive: true })
    },
  }
}

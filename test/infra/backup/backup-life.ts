/** A process that makes or restores a backup, for tests that end it: its argument is what to do, as JSON. */
import { makeBackup } from '../../../src/infra/backup/make-backup.ts'
import { restoreBackup } from '../../../src/infra/backup/restore.ts'

const spec = JSON.parse(process.argv[2]!) as { url: string; folder?: string; path?: string }
const keys = { byId: new Map() }
if (spec.folder) await makeBackup({ url: spec.url, folder: spec.folder, keys })
if (spec.path) {
  await restoreBackup({
    url: spec.url,
    path: spec.path,
    keys,
    now: new Date(),
    replaces: true,
    forgetJobs: async () => {},
  })
}

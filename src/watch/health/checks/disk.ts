import { existsSync } from 'node:fs'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, down, ok, warn } from '../check.ts'
import type { Seen } from '../rules/follow.ts'

/** Free bytes under which a disk is short, and under which it is as good as full. */
const shortBytes = 1_000_000_000
const fullBytes = 100_000_000
/** So many bytes are written to be sure that there is room: a quota shows in no figure. */
const tried = Buffer.alloc(65_536)

/** Disks of folders into which this process writes: each has room, and takes a write. */
export const disk: Check = {
  name: 'disk',
  of: 'machine',
  stops: 'A full disk stops backups and the log; where Postgres writes to it, everything that acts stops.',
  async look({ machine }) {
    const folders = machine.folders.filter((folder) => existsSync(folder))
    const seen = await Promise.all(folders.map(lookAt))
    const worst = seen.toSorted((one, other) => worth(other) - worth(one))[0]
    return worst ?? ok('no folder is written')
  },
}

const worth = ({ state }: Seen) => ['ok', 'warn', 'down'].indexOf(state)

async function lookAt(folder: string): Promise<Seen> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const words = `${(free / 1e9).toFixed(1)} GB free on the disk of ${folder}`
  const file = join(folder, `.health-${process.pid}`)
  try {
    await writeFile(file, tried, { mode: 0o600, flush: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    return down(
      code === 'ENOSPC' || code === 'EDQUOT' ? `the disk of ${folder} is full` : `${folder} takes no write (${code})`,
    )
  } finally {
    await rm(file, { force: true }).catch(() => {})
  }
  if (free < fullBytes) return down(words)
  return free < shortBytes ? warn(words) : ok(words)
}

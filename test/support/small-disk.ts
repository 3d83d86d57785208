import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { scratchFolder } from '../../src/setup/folders.mjs'

/** The folder of an empty disk of a megabyte, until the test ends; undefined where this account may mount none. */
export function aSmallDisk(): string | undefined {
  const folder = scratchFolder()
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder])
  onTestFinished(() => {
    if (status === 0) spawnSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return status === 0 ? folder : undefined
}

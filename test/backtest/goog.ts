import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { folderBars } from '../../src/strategies/engine/bars/folder-bars.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { recordedDays } from '../strategies/recorded.ts'

/** The recorded bars of Google from 2004 to 2013, alone: reading all symbols takes seconds. */
export async function googBars(): Promise<Columns> {
  const folder = mkdtempSync(path.join(tmpdir(), 'goog-'))
  try {
    symlinkSync(path.join(recordedDays, 'GOOG-long.csv'), path.join(folder, 'GOOG-long.csv'))
    return (await (await folderBars(folder)).daily('GOOG-LONG', Number.MAX_SAFE_INTEGER, '9999-12-31'))!
  } finally {
    rmSync(folder, { recursive: true })
  }
}

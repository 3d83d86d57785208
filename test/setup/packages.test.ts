import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root, scratchFolder } from '../../src/setup/folders.mjs'

const record = '{"packages":{"node_modules/one":{"version":"1.0.0"}}}'

/** A project with one package, whose npm installs it and notes that it ran. */
function project(noted: string | undefined) {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, 'src/setup'), join(folder, 'src/setup'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'package-lock.json'), record.replace('{"packages":{', '{"packages":{"":{},'))
  mkdirSync(join(folder, 'node_modules/one'), { recursive: true })
  const kept = join(folder, 'node_modules/.package-lock.json')
  if (noted !== undefined) writeFileSync(kept, noted)
  const npm = join(folder, 'npm')
  writeFileSync(
    npm,
    `#!/bin/sh\necho ran >> ${folder}/npm.log\nmkdir -p node_modules/one\necho '${record}' > ${kept}\n`,
  )
  chmodSync(npm, 0o755)
  const script = `import { installPackages } from '${folder}/src/setup/packages.mjs'; await installPackages()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return { isSame: readFileSync(kept, 'utf8').trim() === record, ran: stderr.includes('npm ci') }
}

test('packages are installed when npm noted nothing, something cut off, or something else', () => {
  for (const noted of [undefined, '', record.slice(0, 30), 'null', '[]', '{"packages":null}', '{}'])
    expect([noted, project(noted)]).toEqual([noted, { isSame: true, ran: true }])
})

test('nothing is installed when npm noted all of it', () => {
  expect(project(record)).toEqual({ isSame: true, ran: false })
})

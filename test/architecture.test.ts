import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * The rooms from the ground up. A room imports from the floors below it, and from its neighbours on the same floor as
 * long as that makes no circle of rooms. Imports of types count like any other: who needs the type needs the room.
 */
const floors = [
  ['src/base'],
  ['rules', 'src/talk/chat', 'src/charts'],
  ['src/infra', 'src/market', 'src/venues', 'src/config.ts'],
  ['src/trading'],
  ['src/watch', 'src/strategies', 'src/backtest', 'src/prediction', 'src/agents'],
  ['src/talk', 'src/api'],
  ['src/desk.ts', 'src/sweep.ts', 'src/web'],
  ['jobs', 'bots'],
  ['src/main.ts'],
]
/** Plain JavaScript that runs before anything is installed: it stands on nothing of ours, and nothing stands on it. */
const apart = 'src/setup'

const longest = 350

interface Source {
  file: string
  room: string
  text: string
  /** Its imports, types included: the project's files as paths from the root, everything else as it is written. */
  imports: string[]
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => /\.(m?ts|tsx|m?js)$/.test(file))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return { file, room: roomOf(file), text, imports: importsIn(file, text) }
    })
}

/**
 * The room of a file. All rules are one, which stands on `base` alone; what doors and desk exchange is another. The rules of agents are in
 * their own room, because they read figures of backtests and models.
 */
function roomOf(file: string): string {
  if (partOf(file) === 'rules' && !file.startsWith('src/agents/')) return 'rules'
  if (file.startsWith('src/talk/chat/')) return 'src/talk/chat'
  const [first = '', second = ''] = file.split('/')
  return first === 'src' ? `${first}/${second}` : first
}

/** The part of `trading`, of agents or of the strategies' runs that a file belongs to: pure rules, rows (SQL), or acts. */
function partOf(file: string): 'rules' | 'rows' | 'acts' | undefined {
  if (file.startsWith('src/agents/')) {
    const part = file.split('/')[2]
    return part === 'rules' || part === 'rows' ? part : 'acts'
  }
  if (!file.startsWith('src/trading/') && !file.startsWith('src/strategies/runs/')) return undefined
  const [, , , part] = file.split('/')
  return part === 'rules' || part === 'rows' ? part : 'acts'
}

function importsIn(file: string, text: string): string[] {
  const statements = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gm
  return [...withoutComments(text).matchAll(statements)].map(([, still, lazy]) => {
    const named = (still ?? lazy)!
    return named.startsWith('.') ? normalize(join(file, '..', named)) : named
  })
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

const sources = ['src', 'bots', 'jobs'].flatMap(sourcesIn)
const files = new Set(sources.map(({ file }) => file))
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)))

/** Every import from one of our files to another. */
const arrows = sources.flatMap(({ file, imports }) =>
  imports.filter((target) => files.has(target)).map((target) => ({ from: file, to: target })),
)

test('every file is in a room of the plan', () => {
  const rooms = new Set(sources.map(({ room }) => room))
  expect([...rooms].filter((room) => !floorOf.has(room) && room !== apart)).toEqual([])
})

test('every import that names a file of ours finds it', () => {
  const lost = sources.flatMap(({ file, imports }) =>
    imports
      .filter((target) => /^(src|bots|jobs|test)\//.test(target) && !files.has(target))
      .map((to) => `${file} → ${to}`),
  )
  expect(lost).toEqual([])
  expect(arrows.length).toBeGreaterThan(200)
})

test('imports go down the floors and never up', () => {
  const up = arrows.filter(({ from, to }) => {
    const [mine, theirs] = [roomOf(from), roomOf(to)]
    if (mine === theirs) return false
    return mine === apart || theirs === apart || floorOf.get(theirs)! > floorOf.get(mine)!
  })
  expect(up.map(spoken)).toEqual([])
})

test('rules import no rows and no acts, and rows import no acts', () => {
  const height = { rules: 0, rows: 1, acts: 2 }
  const up = arrows.filter(({ from, to }) => {
    const [mine, theirs] = [partOf(from), partOf(to)]
    return mine && theirs && height[theirs] > height[mine]
  })
  expect(up.map(spoken)).toEqual([])
})

test('src has no more entries than the plan: fifteen rooms, and the files that wire them', () => {
  expect(readdirSync(join(root, 'src')).length).toBeLessThanOrEqual(19)
})

test('the page imports types of the API’s contract, and nothing else of ours', () => {
  const other = arrows.filter(
    ({ from, to }) => from.startsWith('src/web/') && !to.startsWith('src/web/') && !to.startsWith('src/api/contract/'),
  )
  expect(other.map(spoken)).toEqual([])
  const runs = sources
    .filter(({ file }) => file.startsWith('src/web/'))
    .flatMap(({ text }) => text.match(/^import (?!type ).*api\/contract.*$/gm) ?? [])
  expect(runs).toEqual([])
})

test('pictures are drawn by a thread of their own: nothing else loads what draws', () => {
  const drawing = arrows.filter(({ to }) => to === 'src/charts/draw.ts')
  expect(drawing.map(({ from }) => from)).toEqual(['src/charts/drawing-thread.ts'])
})

test('jobs and bots do not know each other', () => {
  const across = arrows.filter(({ from, to }) =>
    ['jobs', 'bots'].every((room) => [roomOf(from), roomOf(to)].includes(room)),
  )
  expect(across.map(spoken)).toEqual([])
})

test('doors know nothing of the desk but its chat', () => {
  const known = ['bots', 'src/talk/chat', 'src/base']
  const more = arrows.filter(({ from, to }) => roomOf(from) === 'bots' && !known.includes(roomOf(to)))
  expect(more.map(spoken)).toEqual([])
})

test('a door knows nothing of another door', () => {
  const doorOf = (file: string) => file.split('/').slice(0, 2).join('/')
  const across = arrows.filter(
    ({ from, to }) => roomOf(from) === 'bots' && roomOf(to) === 'bots' && doorOf(from) !== doorOf(to),
  )
  expect(across.map(spoken)).toEqual([])
})

test('no files import each other in a circle', () => {
  expect(circleIn(arrows)).toEqual([])
})

test('no rooms import each other in a circle', () => {
  const between = arrows
    .map(({ from, to }) => ({ from: roomOf(from), to: roomOf(to) }))
    .filter(({ from, to }) => from !== to)
  expect(circleIn(between)).toEqual([])
})

test('rules and chat are pure: no time, chance, disk, network or environment of their own', () => {
  const impure = sources
    .filter(({ file, room }) => partOf(file) === 'rules' || room === 'src/talk/chat')
    .filter(
      ({ text, imports }) =>
        imports.some((target) => !files.has(target) && !/^(big\.js|pure-rand\/.*)$/.test(target)) ||
        /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|setTimeout|fetch\()/.test(withoutComments(text)),
    )
  expect(impure.map(({ file }) => file)).toEqual([])
})

test('what runs imports nothing of the tests, and no package that only development has', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const packageOf = (named: string) =>
    named
      .split('/')
      .slice(0, named.startsWith('@') ? 2 : 1)
      .join('/')
  const strange = sources.flatMap(({ file, imports }) =>
    imports
      .filter((target) => !files.has(target) && !target.startsWith('node:') && !(packageOf(target) in dependencies))
      .map((to) => `${file} → ${to}`),
  )
  expect(strange).toEqual([])
})

test(`no file is longer than ${longest} lines`, () => {
  const long = [...sources, ...sourcesIn('test')]
    .map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > longest)
  expect(long.map(({ file, lines }) => `${file}: ${lines}`)).toEqual([])
})

test('every migration is numbered, without a gap or a double', () => {
  const names = readdirSync(join(root, 'migrations')).sort()
  expect(names.map((name) => name.slice(0, 4))).toEqual(
    names.map((_, index) => `${String(index + 1).padStart(3, '0')}_`),
  )
})

const spoken = ({ from, to }: { from: string; to: string }) => `${from} → ${to}`

/** One circle, as the names along it; empty when there is none. */
function circleIn(edges: { from: string; to: string }[]): string[] {
  const next = Map.groupBy(edges, ({ from }) => from)
  const done = new Set<string>()
  const walk = (name: string, path: string[]): string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return []
    for (const { to } of next.get(name) ?? []) {
      const circle = walk(to, [...path, name])
      if (circle.length > 0) return circle
    }
    done.add(name)
    return []
  }
  for (const name of next.keys()) {
    const circle = walk(name, [])
    if (circle.length > 0) return circle
  }
  return []
}

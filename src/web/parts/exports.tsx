import { accountId } from '../state/session.ts'
import { Menu } from './menu.tsx'

const files = [
  ['events', 'Events'],
  ['fills', 'Fills'],
  ['history', 'Closed trades'],
] as const

/** The events of the shown account, as files. */
export function Exports() {
  return (
    <Menu name="Export">
      {files.map(([path, name]) => (
        <li key={path}>
          {name}:{' '}
          <a href={`/api/${path}.csv?account=${accountId.value}`} download>
            table<span class="hidden"> of {name.toLowerCase()}</span> (CSV)
          </a>
          {' · '}
          <a href={`/api/${path}.jsonl?account=${accountId.value}`} download>
            JSON lines<span class="hidden"> of {name.toLowerCase()}</span>
          </a>
        </li>
      ))}
    </Menu>
  )
}

const parts = [
  ['positions', 'Positions'],
  ['chart', 'Chart'],
  ['orders', 'Orders'],
  ['say', 'Say'],
  ['activity', 'Activity'],
] as const

/** Ways to the parts of a page that is one long column, on phones. They stay in view, and make no steps in the history. */
export function Jumps() {
  return (
    <nav class="jumps" aria-label="Parts of this page">
      {parts.map(([id, name]) => (
        <button key={id} type="button" onClick={() => jumpTo(id)}>
          {name}
        </button>
      ))}
    </nav>
  )
}

/** Shows a part of the page, where the parts stand below each other. */
export function jumpTo(id: (typeof parts)[number][0]): void {
  document.getElementById(id)?.scrollIntoView({ block: 'start' })
}

/** Do the parts of the page stand in one long column? */
export const isOneColumn = (): boolean => matchMedia('(max-width: 899px)').matches

import { signal } from '@preact/signals'

/** The two faces of the page. The address keeps which one is shown, so that a reload and the browser's own buttons work. */
export type View = 'desk' | 'screeners'

const ofAddress = (): View => (location.hash.startsWith('#screener') ? 'screeners' : 'desk')

export const view = signal<View>(ofAddress())

addEventListener('hashchange', () => {
  view.value = ofAddress()
})

/** Shows a face of the page. */
export function show(wanted: View): void {
  location.hash = wanted === 'screeners' ? '#screeners' : '#desk'
}

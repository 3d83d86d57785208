import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A list of links that opens with a press, and closes after the next one, wherever it is, and with Escape. */
export function Menu({ name, children }: { name: string; children: ComponentChildren }) {
  const element = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (isByKey: boolean) => {
      const menu = element.current
      if (!menu?.open) return
      menu.open = false
      if (isByKey) menu.querySelector('summary')?.focus()
    }
    const onPress = ({ target }: Event) => {
      const isInside = element.current?.contains(target as Node)
      if (!isInside || (target as Element).closest('a')) close(false)
    }
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close(true)
    }
    document.addEventListener('click', onPress)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('click', onPress)
      document.removeEventListener('keydown', onKey)
    }
  }, [])
  return (
    <details class="menu" ref={element}>
      <summary>{name}</summary>
      <ul>{children}</ul>
    </details>
  )
}

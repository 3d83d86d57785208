/** A colour as the browser resolves it: the chart's library does not know `light-dark()`. */
export function resolved(near: HTMLElement, value: string): string {
  const probe = document.createElement('i')
  probe.style.color = value
  near.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

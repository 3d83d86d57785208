/** A browser and its system in a few words: `Chrome on Linux`. `device` is the browser's own text, so nothing else of it is shown. */
export function browserName(device: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(device)?.[1] ?? 'a program'
  const system = /(iPhone|iPad|Android|Windows|Mac OS X|Linux)/.exec(device)?.[1]
  const name = { Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser
  return system ? `${name} on ${system.replace('Mac OS X', 'macOS')}` : name
}

/** How an event's type is written by people who mute it: `STOP_APPROACHING`. */
export function typeName(type: string): string {
  return type.slice(type.indexOf('.') + 1).toUpperCase()
}

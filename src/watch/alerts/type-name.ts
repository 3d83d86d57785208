/** The name of an event type as people write it to mute it, such as `STOP_APPROACHING`. */
export function typeName(type: string): string {
  return type.slice(type.indexOf('.') + 1).toUpperCase()
}

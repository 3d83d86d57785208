/** A sentence of the desk; words between back-ticks are commands. */
export function Spoken({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
}
